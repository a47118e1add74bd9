import type { Corners } from '../../../src/model/front.js';
import type { SeriesFront } from '../../../src/model/fronts.js';
import { numberText, withUnit } from '../../../src/model/number-text.js';
import { Swatch } from '../../chart/legend.js';
import type { Settings } from './settings.js';
import type { ShownSeries } from './use-fronts.js';

interface ScoresProps {
  readonly parts: readonly SeriesFront[];
  readonly series: readonly ShownSeries[];
  readonly corners: Corners;
  readonly settings: Settings;
}

/** How much of the chart each front dominates. */
export function Scores({ parts, series, corners, settings: { x, y } }: ScoresProps) {
  const { reference, ideal } = corners;
  const scored = parts
    .flatMap((part) => (part.score === undefined ? [] : [{ ...part, score: part.score }]))
    .sort((a, b) => b.score - a.score);
  return (
    <details class="scores">
      <summary>Scores of fronts (hypervolume)</summary>
      <p class="lead">
        Share of the box from {withUnit(reference.x, x.unit)}, {withUnit(reference.y, y.unit)} (reference) to{' '}
        {withUnit(ideal.x, x.unit)}, {withUnit(ideal.y, y.unit)} (best of all shown) that a front dominates,
        in linear units. It depends on what is shown, and on how far each series was measured.
      </p>
      <table>
        <caption class="visually-hidden">Scores of fronts</caption>
        <thead>
          <tr>
            <th scope="col">Series</th>
            <th scope="col" class="number">
              Score (%)
            </th>
            <th scope="col" class="number">
              Points
            </th>
            <th scope="col" class="number">
              On its front
            </th>
            <th scope="col">Intervals between runs</th>
          </tr>
        </thead>
        <tbody>
          {scored.map(({ key, score, points, best, front }) => {
            const one = series.find((other) => other.key === key);
            return (
              <tr key={key}>
                <td>
                  <Swatch look={one?.look ?? 0} /> {one?.name ?? key}
                </td>
                <td class="number">{numberText(Math.round(score * 1000) / 10)}</td>
                <td class="number">{numberText(points.length)}</td>
                <td class="number">{numberText(best.size)}</td>
                <td>{basisText(front.map(({ interval }) => interval?.basis))}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}

const BASES: Readonly<Record<string, string>> = {
  repeats: 'from repeats',
  'noise-model': 'from the noise model',
};

/** Of the points of a front. */
function basisText(bases: readonly (string | undefined)[]): string {
  const counts = new Map<string, number>();
  for (const basis of bases) {
    const words = basis === undefined ? 'one run: none' : (BASES[basis] ?? basis);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, count]) => `${count} ${words}`).join(', ');
}
