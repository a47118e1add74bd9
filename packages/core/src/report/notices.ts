import { isCompleted, isValid } from '../results/collect.js';
import type { Result } from '../results/schema.js';
import type { ReportInput } from './report.js';

/** What a reader must know before any number, one sentence each: the run did not finish; results are invalid. */
export function noticesOf(input: ReportInput): string[] {
  return [unfinishedNotice(input), unreadNotice(input), invalidNotice(input.results)].filter(
    (notice) => notice !== undefined,
  );
}

/** `12 completed, 6 of them INVALID, 1 failed, 0 interrupted, 2 rejected, 3 skipped of 18`: of the last two only where there are some. */
export function countsOf({ run, results }: ReportInput): string {
  const inState = (state: Result['state']): number =>
    results.filter((result) => result.state === state).length;
  const invalid = invalidOf(results).length;
  const completed = `${inState('completed')} completed${invalid === 0 ? '' : `, ${invalid} of them INVALID`}`;
  const others = (['rejected', 'skipped'] as const)
    .map((state) => [inState(state), state] as const)
    .flatMap(([count, state]) => (count === 0 ? [] : `, ${count} ${state}`))
    .join('');
  return `${completed}, ${inState('failed')} failed, ${inState('interrupted')} interrupted${others} of ${run.points}`;
}

/** Says that a run didn't finish, and what is missing because of that. */
export function unfinishedNotice(input: ReportInput): string | undefined {
  const { run, results } = input;
  const missing = missingOf(input);
  if (run.state === 'finished' && missing.count === 0) return undefined;
  const ended = results.filter(({ state }) => state !== 'interrupted' && state !== 'skipped').length;
  const counts = `${ended} of ${run.points} points ${ended === 1 ? 'has' : 'have'} ended.`;
  return [`${standingOf(input)}: ${counts}`, ...missingText(missing, run)].join(' ');
}

/** Points without a result, and those that were skipped. */
export interface Missing {
  readonly count: number;
  readonly begun: readonly string[];
  readonly neverBegun: readonly string[];
}

/** Older runs don't store the names of their points: then there are fewer names than the count. */
export function missingOf({ run, results, begun = [] }: ReportInput): Missing {
  const notSkipped = results.filter(({ state }) => state !== 'skipped');
  const there = new Set(notSkipped.map(({ name }) => name));
  const open = begun.filter((name) => !there.has(name));
  const neverBegun = (run.pointNames ?? []).filter((name) => !there.has(name) && !open.includes(name));
  return { count: Math.max(0, run.points - notSkipped.length), begun: open, neverBegun };
}

/** How the run ended, in capitals, as it should be read first. */
export function standingOf({ run, presence = 'unknown' }: ReportInput): string {
  if (run.state === 'finished') return 'RESULTS ARE MISSING';
  if (run.state === 'interrupted') return 'THIS RUN WAS INTERRUPTED';
  if (run.state === 'failed') return `THIS RUN FAILED${run.reason === undefined ? '' : ` (${run.reason})`}`;
  const { pid, host } = run.process ?? {};
  const measured = pid === undefined ? '' : ` (process ${pid} on ${host ?? 'an unknown host'})`;
  if (presence === 'here') return `THIS RUN IS STILL RUNNING${measured}`;
  if (presence === 'gone') return `THIS RUN DID NOT FINISH, its process died${measured}`;
  return `THIS RUN HAS NO RECORDED END: it is still running, or its process died${measured}`;
}

/** Most names in a sentence; lists have all of them. */
const MOST_NAMES = 8;

/** How to describe points without a trace: in a finished run they were measured, or left out for a reason. */
export function neverBegunWord({ state, reason }: ReportInput['run']): string {
  if (state !== 'finished') return 'Never begun';
  return reason === undefined ? 'No result is left' : `Left out (${reason})`;
}

function missingText({ count, begun, neverBegun }: Missing, run: ReportInput['run']): string[] {
  const unnamed = count - begun.length - neverBegun.length;
  return [
    ...(begun.length === 0 ? [] : [`Begun, without a result: ${namesText(begun)}.`]),
    ...(neverBegun.length === 0 ? [] : [`${neverBegunWord(run)}: ${namesText(neverBegun)}.`]),
    ...(unnamed <= 0 ? [] : [`Without a result: ${unnamed} more, whose names were not recorded.`]),
  ];
}

/** The first of them, and how many more there are. */
export function namesText(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length <= MOST_NAMES ? shown : `${shown} and ${names.length - MOST_NAMES} more`;
}

function unreadNotice({ unread = 0 }: ReportInput): string | undefined {
  if (unread === 0) return undefined;
  return unread === 1
    ? "1 ENTRY AMONG THE RUN'S POINTS IS LEFT OUT: it is not a readable result."
    : `${unread} ENTRIES AMONG THE RUN'S POINTS ARE LEFT OUT: they are not readable results.`;
}

/** How many results are invalid, and why. */
export function invalidNotice(results: readonly Result[]): string | undefined {
  const invalid = invalidOf(results);
  if (invalid.length === 0) return undefined;
  const completed = results.filter(isCompleted).length;
  const codes = new Map<string, number>();
  for (const { code, severity } of invalid.flatMap(({ marks }) => marks)) {
    if (severity === 'invalid') codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  const reasons = [...codes].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}×`);
  const [are, their] = invalid.length === 1 ? ['IS', 'its'] : ['ARE', 'their'];
  return (
    `${invalid.length} OF ${completed} COMPLETED RESULTS ${are} INVALID (${reasons.join(', ')}): ` +
    `${their} numbers are shown to help find out why; they are in no plot and no collected row. Do not compare them.`
  );
}

function invalidOf(results: readonly Result[]) {
  return results.filter(isCompleted).filter((result) => !isValid(result));
}
