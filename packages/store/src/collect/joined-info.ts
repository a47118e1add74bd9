import type { Result, RunInfo } from '@sweepline/core';

/**
 * What a joined run says of itself, from its parts and its results alone: joined again, it says the same.
 * @param parts by name
 * @param problems `unread`: what may have had more points; `damaged`: reasons why points have no result
 */
export function joinedInfo(
  id: string,
  parts: ReadonlyMap<string, RunInfo>,
  results: readonly Result[],
  { unread, damaged }: { readonly unread: readonly string[]; readonly damaged: readonly string[] },
): RunInfo {
  const runs = [...parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, run]) => run);
  const names = results.map(({ name }) => name);
  const pointNames = [...new Set([...runs.flatMap(({ pointNames: of }) => of ?? []), ...names.sort()])];
  const ended = new Set(results.filter(hasEnded).map(({ name }) => name));
  const missing = pointNames.filter((name) => !ended.has(name));
  const reasons = [
    ...(missing.length > 0 ? [`${missing.length} of ${pointNames.length} points have no result`] : []),
    ...new Set(runs.flatMap(reasonOf)),
    ...damaged,
    ...unread,
  ];
  const isWhole = missing.length === 0 && unread.length === 0;
  const times = [
    ...runs.flatMap(({ finishedAt }) => finishedAt ?? []),
    ...results.map(({ finishedAt }) => finishedAt),
  ];
  return {
    schema: 'sweepline.run/2',
    id,
    sweepline: [...new Set(runs.map(({ sweepline }) => sweepline))].sort().join(', '),
    startedAt: runs.map(({ startedAt }) => startedAt).sort()[0] ?? new Date(0).toISOString(),
    ...(times.length > 0 && { finishedAt: times.sort().at(-1) }),
    state: isWhole ? 'finished' : 'interrupted',
    ...(!isWhole && { reason: reasons.join('; ') }),
    configFiles: [...new Set(runs.flatMap(({ configFiles }) => configFiles))].sort(),
    points: pointNames.length,
    pointNames,
    ...changelogOf(runs),
    outputs: outputsOf(runs),
  };
}

function hasEnded({ state }: Result): boolean {
  return state !== 'interrupted' && state !== 'skipped';
}

/** Why a job didn't measure all of its points. */
function reasonOf({ id, state, reason }: RunInfo): readonly string[] {
  if (state === 'finished' && reason === undefined) return [];
  return [
    `${id} ${state === 'running' ? 'had not ended' : `is ${state}`}${reason === undefined ? '' : `: ${reason}`}`,
  ];
}

/** All entries, of parts that were started for changes between the same commits. */
function changelogOf(runs: readonly RunInfo[]): Pick<RunInfo, 'changelog'> {
  const changelogs = runs.flatMap(({ changelog }) => changelog ?? []);
  const [first] = changelogs;
  if (first === undefined || hasOtherCommits(changelogs)) return {};
  const entries = changelogs.flatMap((changelog) => changelog.entries);
  const distinct = new Map(entries.map((entry) => [JSON.stringify(entry), entry]));
  return { changelog: { ...first, entries: [...distinct.values()] } };
}

function hasOtherCommits(changelogs: readonly NonNullable<RunInfo['changelog']>[]): boolean {
  return new Set(changelogs.map(({ baseRef, headRef }) => `${baseRef} ${headRef}`)).size > 1;
}

/** Whether parts were started for changes between different commits: then the joined run has no entries of a changelog. */
export function hasDifferentChangelogs(parts: ReadonlyMap<string, RunInfo>): boolean {
  return hasOtherCommits([...parts.values()].flatMap(({ changelog }) => changelog ?? []));
}

/** Of each metric that of the first part which has it. */
function outputsOf(runs: readonly RunInfo[]): RunInfo['outputs'] {
  const outputs = new Map<string, RunInfo['outputs'][number]>();
  for (const output of runs.flatMap((run) => run.outputs))
    if (!outputs.has(output.key)) outputs.set(output.key, output);
  return [...outputs.values()];
}

/** Metrics that parts define in different ways: their numbers are not comparable. */
export function differentOutputs(parts: ReadonlyMap<string, RunInfo>): readonly string[] {
  const definitions = new Map<string, Set<string>>();
  for (const { key, unit, definition } of [...parts.values()].flatMap((run) => run.outputs))
    definitions.set(key, (definitions.get(key) ?? new Set()).add(JSON.stringify([unit, definition])));
  return [...definitions].filter(([, of]) => of.size > 1).map(([key]) => key);
}
