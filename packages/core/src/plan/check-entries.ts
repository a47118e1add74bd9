import type { LocatedEntry } from '../config/load.js';
import { formatError, SweeplineError, toSweeplineError, type Where } from '../errors.js';
import type { Registry } from '../plugin/registry.js';
import { checkOptions } from './plugin-options.js';
import type { RunnerResolver } from './runners.js';

/** Whether the launchers of runners must be loaded: jobs need them, but plans can be made without them. */
interface MustLaunch {
  readonly launch: boolean;
}

/** @throws {SweeplineError} with all problems that entryProblems finds. */
export function checkEntries(
  entries: readonly LocatedEntry[],
  registry: Registry,
  resolveRunner: RunnerResolver,
  { launch }: MustLaunch,
): void {
  const problems = entryProblems(entries, registry, resolveRunner, { launch });
  const error = SweeplineError.together(problems, `the configs have ${problems.length} problems`);
  if (error !== undefined) throw error;
}

/**
 * Problems of config entries that only plugins can find: an unknown framework or runner, a missing launcher, wrong options. Each
 * has its position, and is reported once if several entries share it.
 */
export function entryProblems(
  entries: readonly LocatedEntry[],
  registry: Registry,
  resolveRunner: RunnerResolver,
  { launch }: MustLaunch,
): readonly SweeplineError[] {
  const problems = entries.flatMap((located) => [
    ...thrownBy(located, 'framework', () => registry.framework(located.entry.framework)),
    ...thrownBy(located, 'runner', () => {
      const runner = resolveRunner(located.entry.runner);
      if (launch) runner.launcher();
    }),
    ...optionProblems(located, registry),
  ]);
  return [...new Map(problems.map((problem) => [formatError(problem), problem])).values()];
}

function thrownBy({ key, at }: LocatedEntry, field: string, check: () => unknown): SweeplineError[] {
  try {
    check();
    return [];
  } catch (thrown) {
    return [toSweeplineError(thrown, 'CONFIG_INVALID', { where: at([key, field]) })];
  }
}

/** The problems of an entry's options; empty if no plugin serves its framework, which is reported separately. */
export function optionProblems(
  { key, entry, at: place }: LocatedEntry,
  registry: Registry,
): readonly SweeplineError[] {
  const { options: value, framework } = entry;
  if (value === undefined) return [];
  const found = registry.all.find(
    ({ plugin }) => plugin.kind === 'framework' && plugin.frameworks.includes(framework),
  );
  if (found === undefined) return [];
  const at = (path: readonly PropertyKey[]): Where => place([key, 'options', ...path]);
  if (found.plugin.options === undefined) {
    return [
      new SweeplineError('OPTIONS_INVALID', `framework ${framework} takes no options`, {
        where: at([]),
        hint: 'Remove them.',
      }),
    ];
  }
  return checkOptions(found, { value, at, code: 'OPTIONS_INVALID' }).problems;
}
