import { basename } from 'node:path';
import type { JoinedRun, Result, RunInfo, RunPart } from '@sweepline/core';
import { chooseOf, isSame, type Measured } from './choose-point.js';
import { differentOutputs, hasDifferentChangelogs, joinedInfo } from './joined-info.js';
import { partNameOf } from './part-name.js';

export interface Joined {
  readonly run: RunInfo;
  /** What was added or replaced. */
  readonly adopted: number;
  /** What a reader should know: results that were not taken, metrics that differ. */
  readonly remarks: readonly string[];
}

/**
 * Puts the points of parts into a joined run, each once.
 * @param unread what could not be read
 * @throws {SweeplineError} RESULT_WRITE_FAILED
 */
export async function joinParts(
  folder: string,
  joined: JoinedRun,
  parts: readonly RunPart[],
  unread: readonly string[],
  signal: AbortSignal,
): Promise<Joined> {
  const all = new Map(joined.parts);
  for (const part of parts) {
    const name = partNameOf(part.run);
    if (!isLater(part.run, all.get(name))) continue;
    await joined.addPart(name, part);
    all.set(name, part.run);
  }
  const remarks: string[] = [];
  const results: Result[] = [];
  let adopted = 0;
  for (const measured of measuredIn(joined, parts)) {
    signal.throwIfAborted();
    const chosen = chooseOf(measured);
    if (chosen.point !== undefined) {
      await joined.adopt(chosen.point);
      adopted += 1;
    }
    results.push(chosen.result);
    remarks.push(...distinct(measured).flatMap((one) => notTaken(one, chosen)));
  }
  const damaged = parts.flatMap(({ run: { id }, problems }) =>
    problems.length === 0 ? [] : [`${id} has damaged points or lines`],
  );
  const run = joinedInfo(basename(folder), all, results, { unread, damaged });
  await joined.close(run);
  const different = differentOutputs(all).map(
    (key) => `${key} has different definitions in these runs: compare with care`,
  );
  const changelogs = hasDifferentChangelogs(all)
    ? [
        'they were started for changes between different commits: the joined run names no entries of a changelog',
      ]
    : [];
  return { run, adopted, remarks: [...remarks, ...different, ...changelogs] };
}

/** What a job uploaded early says less than what it uploaded at its end. */
function isLater(run: RunInfo, known: RunInfo | undefined): boolean {
  if (known === undefined) return true;
  return stageOf(run) > stageOf(known);
}

function stageOf({ resumedAt = [], finishedAt = '' }: RunInfo): string {
  return `${resumedAt.at(-1) ?? ''} ${finishedAt}`;
}

/** All results of each point, in the order of the points' names; those of the joined run first. */
function measuredIn(joined: JoinedRun, parts: readonly RunPart[]): readonly [Measured, ...Measured[]][] {
  const byName = new Map<string, [Measured, ...Measured[]]>();
  const add = (one: Measured): void => {
    const known = byName.get(one.result.name);
    if (known === undefined) byName.set(one.result.name, [one]);
    else known.push(one);
  };
  for (const result of joined.results.values()) add({ result });
  for (const part of parts.toSorted((a, b) => (partNameOf(a.run) < partNameOf(b.run) ? -1 : 1)))
    for (const point of part.points) add({ part: part.folder, point, result: point.result });
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, measured]) => measured);
}

/** Without copies of the same measurement, as far as they are the same. */
function distinct(measured: readonly Measured[]): readonly Measured[] {
  return measured.filter(
    ({ result }, index) =>
      !measured.slice(index + 1).some((later) => JSON.stringify(later.result) === JSON.stringify(result)),
  );
}

function notTaken({ part, result }: Measured, { part: keptPart, result: kept }: Measured): readonly string[] {
  if (result.state === 'skipped') return [];
  const [here, there] = [part, keptPart].map((one) => one ?? 'the joined run');
  if (!isSame(result, kept))
    return [
      `${result.name} was measured twice: kept is that of ${there} (${kept.state}, ${kept.finishedAt}), and not that of ${here} (${result.state}, ${result.finishedAt})`,
    ];
  return JSON.stringify(result) === JSON.stringify(kept)
    ? []
    : [`${result.name} is not the same in ${here} as in ${there}, of which it is a copy`];
}
