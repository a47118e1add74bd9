import { keptSchedule, type Measured } from './compare.js';
import { ITL_MS, TTFT_MS } from './cell.js';
import type { Selftest } from './selftest.js';
import { isWithin1Ms, isWithin5Percent, type Level, type Roofline } from './verdict.js';

/** Columns, grouped under common headings; no line is wider than 80 characters. */
const COLUMNS: readonly (readonly [group: string, ...columns: readonly (readonly [string, number])[]])[] = [
  ['', ['workers', 7], ['streams', 7], ['tokens/s', 8]],
  ['TTFT error', ['mean', 6], ['p99', 6]],
  ['ITL error', ['mean', 6], ['p99', 6]],
  ['', ['us/tok', 6]],
  ['server', ['cores', 5], ['late', 5]],
  ['', ['within', 6]],
];
const FLAT = COLUMNS.flatMap(([, ...columns]) => columns);

/** Explains the table's columns; printed above it. */
export const LEGEND = [
  `A golden server streams tokens as fast as it can, then ${TTFT_MS} ms to the first and`,
  `${ITL_MS} ms from one to the next. Error: the client's figure for each request or gap`,
  'minus what the server did, ms: the mean, and the bound that 99 % stay within.',
  'us/tok: CPU of the client. server: share of a core of its busiest process, and',
  "how late 99 % of its writes were at most, ms, which is not the client's error.",
  `within: all four errors at most 1 ms, or 5 % (${0.05 * TTFT_MS} ms of TTFT, ${0.05 * ITL_MS} ms of ITL).`,
].join('\n');

export function headerRows(): string {
  const groups = COLUMNS.map(([group, ...columns]) =>
    group.padStart(row(columns.map(([name, width]) => name.padStart(width))).length),
  );
  return [row(groups).trimEnd(), row(cells(FLAT.map(([name]) => name)))].join('\n');
}

/** The line of a cell. */
export function describeMeasured(measured: Measured): string {
  const { cell, tokensPerS, errors, cpuUsPerToken, serverCores, lateMs, problems, failures } = measured;
  const line = [
    String(cell.workers),
    String(cell.streams),
    tokensPerS.toFixed(0),
    milliseconds(errors?.meanTtft),
    milliseconds(errors?.p99Ttft),
    milliseconds(errors?.meanItl),
    milliseconds(errors?.p99Itl),
    cpuUsPerToken?.toFixed(1) ?? '',
    serverCores?.toFixed(2) ?? '',
    lateMs?.toFixed(1) ?? '',
    withinOf(measured),
  ];
  const notes = [
    ...noteOf(measured),
    ...failures.map(clipped),
    ...problems.map((problem) => `INEXACT: ${problem}`),
  ];
  return [row(cells(line)), ...notes.map((note) => `  ${note}`)].join('\n');
}

/** A system's description of its failures may be longer than a line. */
function clipped(text: string): string {
  return text.length > 78 ? `${text.slice(0, 77)}…` : text;
}

function withinOf(measured: Measured): string {
  if (measured.problems.length > 0) return 'wrong';
  if (measured.failures.length > 0) return 'failed';
  if (measured.cell.kind !== 'paced') return 'exact';
  if (!keptSchedule(measured)) return 'late';
  if (isWithin1Ms(measured)) return '1 ms';
  return isWithin5Percent(measured) ? '5 %' : 'no';
}

function noteOf({ cell, limit }: Measured): string[] {
  if (cell.kind === 'exact')
    return [`${cell.api}: answers in rare framings, compared character by character`];
  if (cell.kind === 'max')
    return [`highest rate, ${tokensAWrite(cell.server.eventsPerWrite)}; ${LIMITS[limit]}`];
  return limit === 'none' ? [] : [`the server's writes were late: ${LIMITS[limit]}`];
}

const LIMITS = {
  none: 'there was no limit',
  server: 'the server was the limit, not the client',
  client: 'the client was the limit',
  machine: 'the machine was the limit, not the client',
};

/** A summary of the result. */
export function describeVerdict({ measured, rooflines, exact, cutShort }: Selftest): string {
  if (!exact) return 'COUNTS OR TEXTS WERE WRONG: see above. No figure of this client is reliable.';
  return [
    ...rooflines.map((roofline) => describeRoofline(roofline, rooflines[0])),
    'Counts matched the server in every cell, and so did texts where they were kept.',
    ...(measured.some(({ failures }) => failures.length > 0)
      ? ['Cells with failed requests are not counted. The table has the reasons.']
      : []),
    ...advice(rooflines),
    ...(cutShort ? ['Time ran out before everything had been tried: the limits may be higher.'] : []),
  ].join('\n');
}

function advice(rooflines: readonly Roofline[]): string[] {
  if (rooflines.every(({ within5Percent }) => within5Percent === undefined))
    return ['Stop other programs and test again, or try fewer streams: --streams 8,16,32.'];
  return [
    'Measure with no more streams than these: above them, means still look right when',
    'distributions no longer are. Idle cores raise the limits, other programs lower',
    'them.',
  ];
}

function describeRoofline(roofline: Roofline, first: Roofline | undefined): string {
  const { within1Ms, within5Percent, max } = roofline;
  const rates = max.map(
    ({ eventsPerWrite, tokensPerS, limit }) =>
      `  highest rate: ${thousands(tokensPerS)} tokens/s, ${tokensAWrite(eventsPerWrite)} (limit: ${limit})`,
  );
  return [
    workersOf(roofline),
    `  within 1 ms: ${describeLevel(within1Ms, roofline)}${gain(within1Ms, first?.within1Ms, first)}`,
    `  within 5 %:  ${describeLevel(within5Percent, roofline)}${gain(within5Percent, first?.within5Percent, first)}`,
    ...rates,
    '',
  ].join('\n');
}

function describeLevel(level: Level | undefined, { tried }: Roofline): string {
  if (level === undefined)
    return tried[0] === undefined ? 'not tried' : `nothing from ${thousands(tried[0])} streams on`;
  const atLeast = level.streams === tried.at(-1) ? '≥ ' : '';
  return `${atLeast}${thousands(level.streams)} streams, ${thousands(level.tokensPerS)} tokens/s, ${level.met} of ${level.runs} runs`;
}

/** How many times the result of the fewest workers this is. */
function gain(level: Level | undefined, base: Level | undefined, first: Roofline | undefined): string {
  if (level === undefined || base === undefined || first === undefined || level === base) return '';
  return `, ${(level.streams / base.streams).toFixed(1)} × ${workersOf(first)}`;
}

function workersOf({ workers }: Roofline): string {
  return `${workers} ${workers === 1 ? 'worker' : 'workers'}`;
}

function tokensAWrite(eventsPerWrite = 1): string {
  return `${eventsPerWrite} ${eventsPerWrite === 1 ? 'token' : 'tokens'} per write`;
}

function thousands(value: number): string {
  return value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Six columns wide, with sign, up to a hundred seconds. */
function milliseconds(value: number | undefined): string {
  if (value === undefined) return '';
  const digits = Math.abs(value) < 99.995 ? 2 : Math.abs(value) < 999.95 ? 1 : 0;
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

function cells(values: readonly string[]): string[] {
  return FLAT.map(([, width], i) => (values[i] ?? '').padStart(width));
}

function row(parts: readonly string[]): string {
  return parts.join(' ');
}
