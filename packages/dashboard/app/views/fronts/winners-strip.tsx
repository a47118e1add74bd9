import { numberText, withUnit } from '../../../src/model/number-text.js';
import type { Win } from '../../../src/model/winners.js';
import { colourOf } from '../../chart/looks.js';
import { useTheme } from '../../chart/use-theme.js';
import type { Settings } from './settings.js';
import type { ShownSeries } from './use-fronts.js';

export interface WinnersStripProps {
  readonly wins: readonly Win[];
  readonly series: readonly ShownSeries[];
  readonly settings: Settings;
  /** Keys of series whose front is a single point. */
  readonly single: readonly string[];
}

/** Which series' front is best at each x: as a strip, and as a table of the same. */
export function WinnersStrip({ wins, series, settings, single }: WinnersStripProps) {
  const theme = useTheme();
  const [first, last] = [wins[0], wins.at(-1)];
  if (first === undefined || last === undefined) return null;
  const { x, y, isLogX } = settings;
  const place = (value: number): number => (isLogX && first.from > 0 ? Math.log(value) : value);
  const width = place(last.to) - place(first.from);
  const lookOf = (key: string): number => series.find((one) => one.key === key)?.look ?? 0;
  const nameOf = (key: string): string => series.find((one) => one.key === key)?.name ?? key;
  const namesOf = ({ keys }: Win): string => keys.map(nameOf).join(' = ');
  const percent = (value: number): string => `${(100 * (place(value) - place(first.from))) / width}%`;
  return (
    <section class="winners" aria-labelledby="winners-title">
      <h3 id="winners-title">Who wins where</h3>
      <p class="lead">
        The best front ({y.better === 'higher' ? 'highest' : 'lowest'} {y.label}) at each {x.label},{' '}
        {betweenWords(settings)}. No front is made longer than its points reach.
      </p>
      <div class="strip" role="img" aria-label={`${wins.length} stretches; the table below has the same`}>
        {wins.map((win) => (
          <span
            key={win.from}
            class="stretch"
            title={`${namesOf(win)}: ${rangeText(win, x.unit)}`}
            style={{
              left: percent(win.from),
              width: `${(100 * (place(win.to) - place(win.from))) / width}%`,
              background: colourOf(lookOf(win.keys[0] ?? ''), theme),
            }}
          />
        ))}
      </div>
      <div class="strip-ends">
        <span>{numberText(first.from)}</span>
        <span>{withUnit(last.to, x.unit)}</span>
      </div>
      <details>
        <summary>{winsText(wins)} as a table</summary>
        <table>
          <caption class="visually-hidden">Who wins where</caption>
          <thead>
            <tr>
              <th scope="col">Best</th>
              <th scope="col" class="number">
                From ({x.unit})
              </th>
              <th scope="col" class="number">
                To ({x.unit})
              </th>
            </tr>
          </thead>
          <tbody>
            {wins.map((win) => (
              <tr key={win.from}>
                <td>{namesOf(win)}</td>
                <td class="number">{numberText(win.from)}</td>
                <td class="number">{numberText(win.to)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
      {single.length > 0 && (
        <p class="lead">
          A front of one point has no width, so it isn't here: {single.map(nameOf).join(', ')}.
        </p>
      )}
    </section>
  );
}

function rangeText({ from, to }: Win, unit: string): string {
  return `${numberText(from)} – ${withUnit(to, unit)}`;
}

function winsText(wins: readonly Win[]): string {
  return wins.length === 1 ? '1 stretch' : `${wins.length} stretches`;
}

function betweenWords({ shape }: Settings): string {
  return shape === 'steps' ? 'as far as points reach' : 'with straight lines between points';
}
