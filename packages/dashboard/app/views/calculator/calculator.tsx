import '../fronts/fronts.css';
import { useMemo } from 'preact/hooks';
import { numberText, withUnit } from '../../../src/model/number-text.js';
import type { Quantity } from '../../../src/model/quantities.js';
import type { TableData } from '../../../src/site/table.js';
import { Bars } from '../../parts/bars.js';
import { Filters, NothingFound } from '../../parts/filters.js';
import { PricesBadge } from '../../parts/prices-badge.js';
import type { Place } from '../../state/url.js';
import { useFound, type FoundPoints } from '../fronts/use-fronts.js';
import type { View } from '../view.js';
import { CalculatorControls } from './controls.js';
import { OptionsTable, sureOfShown, valueOfShown, type ReachedOption } from './options-table.js';
import { PointAt } from './point-at.js';
import { calculatorSettings, type CalculatorSettings } from './settings.js';
import { useOptions, type Options } from './use-options.js';

export const calculator: View = { name: 'calculator', label: 'Calculator', Page: Calculator };

/** What each series gives at a target of interactivity or latency, and what a load takes. */
function Calculator({ place }: { readonly place: Place }) {
  const settings = useMemo(() => calculatorSettings(place), [place]);
  const foundPoints = useFound(place);
  const options = useOptions(foundPoints, settings, place);
  const usual = options === undefined || 'problem' in options ? undefined : options.target;
  return (
    <section class="calculator">
      <h2>Calculator</h2>
      <Filters place={place} {...foundPoints} />
      <CalculatorControls place={place} settings={settings} usual={usual} />
      {foundPoints.found.rows.length === 0 ? (
        <NothingFound place={place} {...foundPoints} />
      ) : options === undefined ? (
        <p role="status">Loading numbers …</p>
      ) : 'problem' in options ? (
        <p role="alert">Nothing can be computed: {options.problem}.</p>
      ) : (
        <Answers {...{ place, settings, options, foundPoints }} />
      )}
    </section>
  );
}

interface AnswersProps {
  readonly place: Place;
  readonly settings: CalculatorSettings;
  readonly options: Options;
  readonly foundPoints: FoundPoints;
}

function Answers({ place, settings, options: { options, target, isGiven }, foundPoints }: AnswersProps) {
  const { x, shown, load } = settings;
  const { points } = foundPoints;
  const reached = useMemo(
    () =>
      options
        .flatMap(({ key, name, answer }): readonly ReachedOption[] =>
          answer.kind === 'reached' ? [{ key, name, ...answer.reached }] : [],
        )
        .sort((a, b) => orderOf(a, b, shown)),
    [options, shown],
  );
  const bars = reached.flatMap((option) => {
    const [value, sure] = [valueOfShown(option, shown.key), sureOfShown(option, shown.key)];
    if (value === undefined || sure === undefined) return [];
    const text = value === sure ? numberText(sure) : `${numberText(sure)} (≈ ${numberText(value)})`;
    return [
      { key: option.key, name: option.name, value: Math.min(value, sure), upTo: Math.max(value, sure), text },
    ];
  });
  const words = `${settings.target.label} ${withUnit(target, x.unit)} (${settings.statistic})`;
  return (
    <>
      <p class="lead" role="status">
        At {words}
        {isGiven ? '' : ', where most options were measured: set another'}: {numberText(reached.length)} of{' '}
        {numberText(options.length)} options were measured on both sides of it. Best first, by what a measured
        point reaches that keeps the target; throughput counts input and output tokens.{' '}
        <PricesBadge place={place} assumes="price and power" />
      </p>
      {shown.key === 'devices' && load === undefined && (
        <p class="empty">Set a load to see how many devices it takes.</p>
      )}
      {bars.length > 0 && (
        <Bars
          title={`${shown.label}${shown.unit === '' ? '' : ` (${shown.unit})`} at ${words}, ${shown.best} first`}
          bars={bars.slice(0, MOST_BARS)}
        />
      )}
      {bars.length > MOST_BARS && (
        <p class="empty">
          Bars show the first {MOST_BARS}; the table has all {numberText(bars.length)}.
        </p>
      )}
      <OptionsTable {...{ place, settings, points, rows: reached, target }} />
      <NotMeasured {...{ options, x, points }} />
      <p class="lead">
        A dark bar is what the next measured point reaches that keeps the target; for lower-is-better numbers
        it is the estimate, and the pale part goes up to that point's. The estimate (≈) is on a monotone curve
        through the front of the series (Steffen 1990); the table says between which points. Where these are
        far from each other, it is worth little. Nothing is computed beyond the points. In the table cost,
        energy and devices follow from the estimate.{' '}
        {load !== undefined && (
          <>
            Devices are for the whole load at that throughput; where both points have servers of the same
            size, whole servers are counted.{' '}
            {load.unit === 'requests/s' && 'A request has the nominal input and output tokens of its points.'}
          </>
        )}
      </p>
    </>
  );
}

const MOST_BARS = 20;

function orderOf(a: ReachedOption, b: ReachedOption, { key, best }: CalculatorSettings['shown']): number {
  const [left, right] = [sureOfShown(a, key), sureOfShown(b, key)];
  if (left === undefined || right === undefined)
    return Number(left === undefined) - Number(right === undefined) || b.sure - a.sure;
  return best === 'highest' ? right - left : left - right;
}

function NotMeasured({ options, x, points }: NotMeasuredProps) {
  const outside = options.flatMap(({ key, name, answer }) =>
    answer.kind === 'not measured there' ? [{ key, name, ...answer.unreached }] : [],
  );
  const without = options.filter(({ answer }) => answer.kind === 'no numbers');
  if (outside.length + without.length === 0) return null;
  return (
    <section aria-labelledby="not-measured">
      <h3 id="not-measured">Not measured there</h3>
      <ul>
        {outside.map(({ key, name, from, to }) => (
          <li key={key}>
            {name}: its front{' '}
            {from.x === to.x ? (
              <>
                is one point, at <PointAt {...{ points, x, point: from }} />
              </>
            ) : (
              <>
                goes from <PointAt {...{ points, x, point: from }} /> to{' '}
                <PointAt {...{ points, x, point: to }} />
              </>
            )}
          </li>
        ))}
        {without.length > 0 && (
          <li>Without one of both numbers: {without.map(({ name }) => name).join(', ')}</li>
        )}
      </ul>
    </section>
  );
}

interface NotMeasuredProps {
  readonly options: Options['options'];
  readonly x: Quantity;
  readonly points: TableData;
}
