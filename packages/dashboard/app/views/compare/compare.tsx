import '../fronts/fronts.css';
import { useMemo } from 'preact/hooks';
import { numberText } from '../../../src/model/number-text.js';
import { changeText } from '../../../src/model/verdict-words.js';
import type { Judged } from '../../data/use-judged.js';
import { NothingFound } from '../../parts/filters.js';
import { PricesBadge } from '../../parts/prices-badge.js';
import type { Place } from '../../state/url.js';
import type { FoundPoints } from '../fronts/use-fronts.js';
import { JudgedView } from '../judged-view.js';
import type { View } from '../view.js';
import { ChangePlot } from './change-plot.js';
import { CompareControls, PER_DOLLAR } from './controls.js';
import { CurvesTable, JobsTable, UnmatchedTable } from './tables.js';
import { useComparisons, useSides, type SideComparison, type Sides } from './use-comparison.js';

export const compare: View = { name: 'compare', label: 'Compare', Page: Compare };

/** Differences of two sides or more at the same job, with the verdicts of `sweepline compare`. */
function Compare({ place }: { readonly place: Place }) {
  return (
    <JudgedView place={place} name="compare" title="Compare" cannot="Nothing can be compared">
      {(props) => <Choosing place={place} {...props} />}
    </JudgedView>
  );
}

interface ChoosingProps {
  readonly place: Place;
  readonly foundPoints: FoundPoints;
  readonly judged: Judged;
}

function Choosing({ place, foundPoints, judged }: ChoosingProps) {
  const sides = useSides(foundPoints, place);
  const { metric } = judged.judged;
  const isPerDollar = place.params['perusd'] === '1' && metric.key === PER_DOLLAR;
  return (
    <>
      <CompareControls {...{ place, sides, metric, isPerDollar }} metrics={judged.all} />
      {foundPoints.found.ofAnyOutcome.length === 0 ? (
        <NothingFound place={place} {...foundPoints} />
      ) : sides.a === undefined || sides.b.length === 0 ? (
        <p class="empty">
          No two values of {sides.dimension.label.toLowerCase()} have a job in common among the points that
          pass the filters. Compare by something else, or loosen a filter.
        </p>
      ) : (
        <Compared {...{ place, foundPoints, sides, judged, isPerDollar }} a={sides.a} />
      )}
    </>
  );
}

interface ComparedProps extends ChoosingProps {
  readonly sides: Sides;
  readonly a: string;
  readonly isPerDollar: boolean;
}

function Compared({ place, foundPoints, sides, judged, a, isPerDollar }: ComparedProps) {
  const comparisons = useComparisons(foundPoints, sides, judged, isPerDollar, place);
  const { metric, repeats } = judged.judged;
  const label = isPerDollar ? 'tokens per dollar' : metric.label;
  const isSeveral = comparisons.length > 1;
  const changes = useMemo(
    () =>
      comparisons.flatMap(({ b, curves }) =>
        curves.map((judgement, index) => ({
          // Curves may have the same name.
          key: JSON.stringify([b, index]),
          name: isSeveral ? `${b}: ${judgement.curve}` : judgement.curve,
          judgement,
        })),
      ),
    [comparisons, isSeveral],
  );
  const sidesText = `A = ${a}, B = ${comparisons.map(({ b }) => b).join(', ')}`;
  const isOtherCell = sides.dimension.but.some((name) => name === 'sku' || name === 'framework');
  return (
    <>
      <p class="lead">
        B against A = {a}, {label}, {metric.better} is better. A change of {numberText(100 * metric.effect)} %
        matters. {isPerDollar && <PricesBadge place={place} assumes="price" />}
      </p>
      {comparisons.map((one) => (
        <Summary key={one.b} comparison={one} />
      ))}
      {changes.length > 0 && (
        <ChangePlot title={`Change of ${label} against ${a}, by curve`} about={sidesText} changes={changes} />
      )}
      <CurvesTable {...{ place, comparisons, isSeveral }} />
      <JobsTable {...{ place, comparisons, isSeveral, label, a }} points={foundPoints.points} />
      <UnmatchedTable {...{ place, comparisons, isSeveral }} />
      <p class="lead">
        Jobs are matched by what was measured, at the same sizes, lengths and load
        {sides.dimension.but.length > 0 && `, apart from ${sides.dimension.label.toLowerCase()}`}; of several
        runs the median counts. Verdicts are those of sweepline compare, by the noise of {numberText(repeats)}{' '}
        pairs of repeats
        {isOtherCell && ', of the two kinds of hardware and framework that which is noisier'}. Here the
        repeats of both sides are among those that noise is learnt from, which the command leaves out. A curve
        is the median of its points; a curve alone decides, as one job among many differs by chance.{' '}
        {isSeveral && 'Each B is judged by itself: with many of them, one may be called worse by chance.'}
      </p>
    </>
  );
}

function Summary({ comparison: { b, jobs, curves, unmatched } }: { readonly comparison: SideComparison }) {
  const judged = jobs.filter(({ judgement }) => judgement !== undefined).length;
  const detectable = curves.flatMap((curve) => curve.detectable ?? []).map(Math.abs);
  const count = (verdict: string): number => curves.filter((curve) => curve.verdict === verdict).length;
  const verdicts = [
    ...[`${count('worse')} worse`, `${count('better')} better`, `${count('same')} the same`],
    `of ${count('unsure')} nothing can be said`,
  ].join(', ');
  return (
    <p role="status">
      <strong class="name">B = {b}</strong> {numberText(judged)} jobs in common
      {unmatched.length > 0 && `, ${numberText(unmatched.length)} results without a match`}.{' '}
      {detectable.length > 0
        ? `A change for the worse of ${rangeText(detectable)} would be found in 80 of 100 cases. `
        : 'Too few repeats are known to say what would be found. '}
      {curves.length > 0 &&
        `Of ${numberText(curves.length)} curve${curves.length === 1 ? '' : 's'}: ${verdicts}.`}
    </p>
  );
}

/** Of the least changes that would be found, by curve. */
function rangeText(shares: readonly number[]): string {
  const text = (share: number): string => changeText(share).replace('+', '');
  const [least, most] = [text(Math.min(...shares)), text(Math.max(...shares))];
  return least === most ? least : `${least} to ${most}, by curve,`;
}
