import {
  HEADLINES,
  type Definition,
  type Headline,
  type Recomputed,
  type Reported,
  type Unknown,
} from '../metrics/definitions/index.js';
import type { ConcurrencySeries } from '../metrics/concurrency.js';
import type { intervalsOf } from '../metrics/intervals/intervals.js';
import { textTable } from '../text-table.js';

/** The numbers of one definition for people: names, values and units, then unknown ones with the reason, then notes. */
export function renderRecomputed(
  { name, source }: Pick<Definition, 'name' | 'source'>,
  { values, unknown, notes }: Recomputed,
): string {
  const width = Math.max(0, ...values.map(({ key }) => key.length));
  return lines([
    name === source.toLowerCase() ? source : `${name}: ${source}`,
    ...values.map((reported) => `  ${reported.key.padEnd(width)}  ${valueText(reported)}`),
    ...reasons(unknown).map(([reason, keys]) => `  not known, ${reason}: ${keys.join(', ')}`),
    ...notes.map((note) => `  note: ${note}`),
  ]);
}

/** The same run by several definitions, side by side; `-` where a definition has no such number or can't compute it. */
export function renderSideBySide(
  columns: readonly { readonly definition: Definition; readonly result: Recomputed }[],
  width: number,
): string {
  const rows = [
    ['', ...columns.map(({ definition }) => definition.name)],
    ...HEADLINES.map((headline) => [
      headline,
      ...columns.map(({ definition, result }) => headlineText(headline, definition, result)),
    ]),
  ];
  return lines([
    'Side by side, by the names that each has for it (ms; req/s, tok/s)',
    ...textTable(rows, 'right', width - 2)
      .trimEnd()
      .split('\n')
      .map((row) => `  ${row}`),
  ]);
}

function headlineText(headline: Headline, { headlines }: Definition, { values }: Recomputed): string {
  const [key, statistic = ''] = headlines[headline]?.split(':') ?? [];
  const reported = values.find((value) => value.key === key);
  const value = typeof reported?.value === 'object' ? reported.value[statistic] : reported?.value;
  if (value === undefined) return '-';
  return numberText(reported?.unit === 's' ? 1000 * value : value);
}

export function renderIntervals(intervals: ReturnType<typeof intervalsOf>): string {
  if ('reason' in intervals) return lines([`no intervals: ${intervals.reason}`]);
  const { values, blocks, requests, method, covers, caution } = intervals;
  const width = Math.max(0, ...Object.keys(values).map((key) => key.length));
  return lines([
    `95 % intervals: ${method} (${blocks} blocks of ${requests} requests)`,
    ...Object.entries(values).map(
      ([key, [low, high]]) => `  ${key.padEnd(width)}  ${numberText(low)} .. ${numberText(high)}`,
    ),
    `  they cover ${covers}`,
    ...(caution === undefined ? [] : [`  ${caution}`]),
  ]);
}

/** Length of the longest bar, in characters. */
const BAR = 40;

/** One bar per part; times count from the first request. */
export function renderConcurrency(series: ConcurrencySeries | undefined): string {
  if (series === undefined) return lines(['no requests in flight']);
  const { partMs, inFlight } = series;
  const most = Math.max(...inFlight);
  const rows = inFlight.map(
    (value, i) => [`${((i * partMs) / 1000).toFixed(2)} s`, value.toFixed(1)] as const,
  );
  const [times, values] = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return lines([
    `Requests in flight over time, mean of ${(partMs / 1000).toPrecision(3)} s each`,
    ...rows.map(([time, value], i) =>
      `  ${time.padStart(times ?? 0)}  ${value.padStart(values ?? 0)}  ${'#'.repeat(Math.round((BAR * (inFlight[i] ?? 0)) / most))}`.trimEnd(),
    ),
  ]);
}

function valueText({ value, unit }: Reported): string {
  const text =
    typeof value === 'number'
      ? numberText(value)
      : Object.entries(value)
          .map(([statistic, number]) => `${statistic} ${numberText(number)}`)
          .join('  ');
  return unit === '' ? text : `${text} ${typeof value === 'number' ? unit : `(${unit})`}`;
}

/** Groups keys by the reason why they are unknown. */
function reasons(unknown: readonly Unknown[]): [string, string[]][] {
  const keys = new Map<string, string[]>();
  for (const { key, reason } of unknown) keys.set(reason, [...(keys.get(reason) ?? []), key]);
  return [...keys];
}

/** Three decimals; six digits for numbers below 1. */
function numberText(value: number): string {
  return String(Math.abs(value) < 1 ? Number(value.toPrecision(6)) : Number(value.toFixed(3)));
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}
