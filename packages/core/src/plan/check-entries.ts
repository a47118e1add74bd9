import type { LocatedEntry } from '../config/load.js';
import { problemsOf } from '../config/issues.js';
import { formatError, SweeplineError, toSweeplineError, type Where } from '../errors.js';
import { watched } from '../watch/watched.js';
import type { Registry } from '../plugin/registry.js';
import type { ResolvedRunner, RunnerResolver } from './runners.js';

/** Of which runners a launcher has to be there. */
export type MustLaunch = (runner: ResolvedRunner) => boolean;

/** @throws {SweeplineError} with all problems that entryProblems finds. */
export function checkEntries(
  entries: readonly LocatedEntry[],
  registry: Registry,
  resolveRunner: RunnerResolver,
  mustLaunch: MustLaunch,
): void {
  const problems = entryProblems(entries, registry, resolveRunner, mustLaunch);
  const error = SweeplineError.together(problems, `the configs have ${problems.length} problems`);
  if (error !== undefined) throw error;
}

/**
 * What only plugins know of config entries, and have against them: an unknown framework or runner, a launcher that isn't
 * there, wrong options. Each with its place, and once where several entries share it.
 */
export function entryProblems(
  entries: readonly LocatedEntry[],
  registry: Registry,
  resolveRunner: RunnerResolver,
  mustLaunch: MustLaunch,
): readonly SweeplineError[] {
  const problems = entries.flatMap((located) => [
    ...thrownBy(located, 'framework', () => registry.framework(located.entry.framework)),
    ...thrownBy(located, 'runner', () => {
      const runner = resolveRunner(located.entry.runner);
      if (mustLaunch(runner)) runner.launcher();
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

/** What is wrong with an entry's options; nothing where no plugin serves its framework, which is told as such. */
export function optionProblems(
  { key, entry, at }: LocatedEntry,
  registry: Registry,
): readonly SweeplineError[] {
  const { options: value, framework } = entry;
  if (value === undefined) return [];
  const found = registry.all.find(
    ({ plugin }) => plugin.kind === 'framework' && plugin.frameworks.includes(framework),
  );
  if (found === undefined) return [];
  const schema = found.plugin.options;
  if (schema === undefined) {
    const where = at([key, 'options']);
    return [
      new SweeplineError('OPTIONS_INVALID', `framework ${framework} takes no options`, {
        where,
        hint: 'Remove them.',
      }),
    ];
  }
  const call = {
    plugin: `framework ${found.plugin.name}`,
    package: found.package,
    call: 'options',
    limit: 'pure',
  } as const;
  const within = (path: readonly PropertyKey[]): Where => at([key, 'options', ...path]);
  try {
    const parsed = watched(call, () => schema.safeParse(value));
    if (parsed.success) return [];
    return problemsOf(parsed.error.issues, { value, at: within, code: 'OPTIONS_INVALID', schema });
  } catch (thrown) {
    return [toSweeplineError(thrown, 'PLUGIN_THREW', { where: within([]) })];
  }
}
