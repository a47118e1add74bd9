import { keptSchedule, type Measured } from './compare.js';
import { ITL_MS, TTFT_MS } from './cell.js';
import type { Selftest } from './selftest.js';
import { isWithin1Ms, isWithin5Percent, type Level, type Roofline } from './verdict.js';

const HEADER = [
  'workers',
  'streams',
  'tokens/s',
  'TTFT mean',
  'p99',
  'ITL mean',
  'p99',
  'us/token',
  'server',
  'late p99',
  'within',
];
const WIDTHS = [7, 7, 9, 9, 7, 8, 7, 8, 6, 8, 6];

/** Explains the table's columns; above it. */
export const LEGEND = [
  `Paced: ${TTFT_MS} ms to the first token, ${ITL_MS} ms from one to the next. TTFT and ITL: the client's figure minus the server's, ms.`,
  'us/token: CPU of the client. server: cores that its busiest process used, of one. late: how late its writes were, ms; the client is',
  'compared with what it did, not with what it should have done.',
].join('\n');

export function headerRow(): string {
  return row(HEADER);
}

/** A cell's line. */
export function describeMeasured(measured: Measured): string {
  const { cell, tokensPerS, errors, cpuUsPerToken, serverCores, lateMs, problems } = measured;
  const line = row([
    String(cell.workers),
    String(cell.streams),
    tokensPerS.toFixed(0),
    fixed(errors?.meanTtft, 2),
    fixed(errors?.p99Ttft, 2),
    fixed(errors?.meanItl, 2),
    fixed(errors?.p99Itl, 2),
    fixed(cpuUsPerToken, 1),
    fixed(serverCores, 2),
    fixed(lateMs, 1),
    withinOf(measured),
  ]);
  const notes = [...noteOf(measured), ...problems.map((problem) => `INEXACT: ${problem}`)];
  return [line, ...notes.map((note) => `  ${note}`)].join('\n');
}

function withinOf(measured: Measured): string {
  if (measured.problems.length > 0) return 'wrong';
  if (measured.cell.kind !== 'paced') return 'exact';
  if (!keptSchedule(measured)) return 'late';
  if (isWithin1Ms(measured)) return '1 ms';
  return isWithin5Percent(measured) ? '5 %' : 'no';
}

function noteOf({ cell, limit }: Measured): string[] {
  if (cell.kind === 'exact')
    return [`${cell.api}: answers in rare framings, compared character for character`];
  const what = cell.kind === 'max' ? [`highest rate, ${cell.server.eventsPerWrite ?? 1} tokens a write`] : [];
  const limits = {
    none: [],
    server: ['the server was the limit, not the client'],
    client: ['the client was the limit'],
    machine: ['neither had a core to itself: the machine was the limit'],
  };
  return [[...what, ...limits[limit]].join('; ')].filter((note) => note !== '');
}

/** What it all means. */
export function describeVerdict({ rooflines, exact, cutShort }: Selftest): string {
  return [
    ...rooflines.map(describeRoofline),
    exact ? "Counts and texts were the server's in every cell." : 'COUNTS OR TEXTS WERE WRONG: see above.',
    ...(cutShort ? ['Time was up before everything had been tried: the ceiling may be higher.'] : []),
  ].join('\n');
}

function describeRoofline({ workers, within1Ms, within5Percent, max }: Roofline): string {
  const rates = max.map(
    ({ eventsPerWrite, tokensPerS, limit }) =>
      `${thousands(tokensPerS)} at ${eventsPerWrite} a write (limit: ${limit})`,
  );
  return [
    `${workers} ${workers === 1 ? 'worker' : 'workers'}`,
    `  within 1 ms  ${level(within1Ms)}`,
    `  within 5 %   ${level(within5Percent)}`,
    `  tokens/s at the highest rate: ${rates.length === 0 ? 'not tried' : rates.join(', ')}`,
  ].join('\n');
}

function level(reached: Level | undefined): string {
  return reached === undefined
    ? 'nothing that was tried'
    : `${reached.streams} streams, ${thousands(reached.tokensPerS)} tokens/s`;
}

function thousands(value: number): string {
  return value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',');
}

function fixed(value: number | undefined, digits: number): string {
  return value === undefined ? '' : value.toFixed(digits);
}

function row(values: readonly string[]): string {
  return values.map((value, i) => value.padStart(WIDTHS[i] ?? 0)).join('  ');
}
