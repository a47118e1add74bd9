import { compareRows, isCompleted } from './collect.js';
import type { CompletedResult, Result, Row } from './schema.js';
import { withheldReason } from './withheld.js';

/** Name of a result's point, which all of its repeats share. */
export function pointNameOf({ name, point }: Pick<Result, 'name' | 'point'>): string {
  return point ?? name;
}

/**
 * Results whose rows are exported. Readers of rows know a point by its configuration: of several rows of it they keep an arbitrary one.
 * So of the repeats of a point only one is exported, never an average: the one with the median throughput per device, of an even number
 * the lower one of the two in the middle, of equal ones the earlier.
 */
export function exportedOf(results: readonly Result[]): readonly CompletedResult[] {
  const able = results.filter(isCompleted).filter((result) => withheldReason(result) === undefined);
  const medians = mediansOf(able);
  return able.filter((result) => result.repeat === undefined || medians.get(pointNameOf(result)) === result);
}

/** Rows of the exported results: the content of `agg_bmk.json`. */
export function collectRows(results: readonly Result[]): Row[] {
  return exportedOf(results)
    .map(({ row }) => row)
    .sort(compareRows);
}

/** Why no repeat of a point is exported yet. */
export const NOT_ENDED = 'which run of a point is exported is decided when all have ended';

/**
 * The same results; where another repeat is exported in place of one, it says so.
 * @param hasEnded whether the run has: rows of repeats are exported at its end
 */
export function withMedianExported(results: readonly Result[], hasEnded = true): readonly Result[] {
  if (results.every(({ repeat }) => repeat === undefined)) return results;
  const medians = mediansOf(exportedOf(results));
  return results.map((result) => {
    if (!isCompleted(result) || result.repeat === undefined || withheldReason(result) !== undefined)
      return result;
    if (!hasEnded) return { ...result, withheld: NOT_ENDED };
    const median = medians.get(pointNameOf(result));
    if (median === undefined || median === result) return result;
    const withheld = `${median.name} is exported, the repeat of its point with the median throughput`;
    return { ...result, withheld };
  });
}

/** Whether only another repeat of its point keeps a result from being exported. */
export function isOtherRepeat(result: CompletedResult): boolean {
  return result.repeat !== undefined && result.withheld !== undefined && withheldReason(result) === undefined;
}

/** Of each point that is measured several times, the repeat with the median throughput. */
function mediansOf(able: readonly CompletedResult[]): ReadonlyMap<string, CompletedResult> {
  const repeats = new Map<string, CompletedResult[]>();
  for (const result of able) {
    if (result.repeat === undefined) continue;
    repeats.set(pointNameOf(result), [...(repeats.get(pointNameOf(result)) ?? []), result]);
  }
  const medians = new Map<string, CompletedResult>();
  for (const [point, some] of repeats) {
    const sorted = some.sort((a, b) => throughputOf(a) - throughputOf(b) || repeatOf(a) - repeatOf(b));
    medians.set(point, sorted[(sorted.length - 1) >> 1]!);
  }
  return medians;
}

/** Rows without it are not exported. */
function throughputOf({ row }: CompletedResult): number {
  return Number(row['tput_per_gpu']);
}

function repeatOf({ repeat = 1 }: CompletedResult): number {
  return repeat;
}
