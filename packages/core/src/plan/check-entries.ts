import type { LocatedEntry } from '../config/load.js';
import { problemsOf } from '../config/yaml.js';
import { SweeplineError, toSweeplineError } from '../errors.js';
import type { Registry } from '../plugin/registry.js';
import type { RunnerResolver } from './runners.js';

/**
 * Checks what only plugins know of config entries: the framework, the runner and the options.
 * @throws {SweeplineError} with all problems of all entries and their places.
 */
export function checkEntries(
  entries: readonly LocatedEntry[],
  registry: Registry,
  resolveRunner: RunnerResolver,
): void {
  const problems = entries.flatMap((located) => [
    ...thrownBy(located, 'framework', () => registry.framework(located.entry.framework)),
    ...thrownBy(located, 'runner', () => resolveRunner(located.entry.runner)),
    ...optionProblems(located, registry),
  ]);
  const [first] = problems;
  if (first === undefined) return;
  if (problems.length === 1) throw first;
  throw new SweeplineError(first.code, `the configs have ${problems.length} problems`, { problems });
}

function thrownBy({ key, source }: LocatedEntry, member: string, check: () => unknown): SweeplineError[] {
  try {
    check();
    return [];
  } catch (thrown) {
    return [toSweeplineError(thrown, 'CONFIG_INVALID', { where: source.at([key, member]) })];
  }
}

function optionProblems({ key, entry, source }: LocatedEntry, registry: Registry): SweeplineError[] {
  if (entry.options === undefined) return [];
  let schema;
  try {
    schema = registry.framework(entry.framework).plugin.options;
  } catch {
    return []; // an unknown framework is reported once, as such
  }
  if (schema === undefined) {
    const message = `framework ${entry.framework} takes no options`;
    return [
      new SweeplineError('OPTIONS_INVALID', message, {
        where: source.at([key, 'options']),
        hint: 'Remove them.',
      }),
    ];
  }
  const parsed = schema.safeParse(entry.options);
  if (parsed.success) return [];
  const at = (path: readonly PropertyKey[]) => source.at([key, 'options', ...path]);
  return parsed.error.issues.flatMap((issue) => problemsOf(issue, 'OPTIONS_INVALID', at));
}
