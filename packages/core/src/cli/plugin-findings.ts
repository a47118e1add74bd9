import { errorFinding, type Finding } from '../config/findings.js';
import type { LocatedEntry, Workspace } from '../config/load.js';
import { SweeplineError } from '../errors.js';
import { entryProblems } from '../plan/check-entries.js';
import type { ResolvedRunner, RunnerResolver } from '../plan/runners.js';
import type { App } from './app.js';
import { rejectionsOf } from './rejections.js';

/** What plugins know of configs, and what they find wrong with them. */
export interface PluginFindings {
  readonly findings: readonly Finding[];
  /** GPUs that a label's nodes have; nothing for a label that no plugin knows. */
  readonly devicesOf: (label: string) => number | undefined;
  /** What a reader should know and nothing is wrong with. */
  readonly remarks: readonly string[];
}

/** All that `sweep` would refuse of these entries, and of the workspace's own runners. */
export async function pluginFindings(
  app: App,
  workspace: Workspace,
  entries: readonly LocatedEntry[],
): Promise<PluginFindings> {
  try {
    const [registry, resolveRunner] = await Promise.all([app.registry(), app.runners()]);
    // Clusters have launchers of their own packages; plans are made without them.
    const problemsOf = (some: readonly LocatedEntry[]): readonly SweeplineError[] =>
      entryProblems(some, registry, resolveRunner, isOfWorkspace);
    const problems = problemsOf(entries);
    // Of an entry with problems no plan can be made; what others are rejected for is said all the same.
    const sound = problems.length === 0 ? entries : entries.filter((one) => problemsOf([one]).length === 0);
    const planner = await app.planner();
    const rejections = sound.flatMap((located) => rejectionsOf(located, planner));
    return {
      findings: [
        ...[...problems, ...rejections].map(errorFinding),
        ...unusedRunners(workspace, entries, resolveRunner),
      ],
      devicesOf: (label) => runnerOf(label, resolveRunner)?.sku.devicesPerNode,
      remarks: withoutLauncher(entries, resolveRunner),
    };
  } catch (thrown) {
    return { findings: loadFindings(thrown, workspace), devicesOf: () => undefined, remarks: [] };
  }
}

function isOfWorkspace({ cluster }: ResolvedRunner): boolean {
  return cluster === undefined;
}

/** Wrong entries of the workspace's table that no checked job needs. */
function unusedRunners(
  { config, at }: Workspace,
  entries: readonly LocatedEntry[],
  resolveRunner: RunnerResolver,
): readonly Finding[] {
  const used = new Set(entries.map(({ entry }) => entry.runner));
  return Object.keys(config.runners)
    .filter((label) => !used.has(label))
    .flatMap((label) => {
      try {
        resolveRunner(label).launcher();
        return [];
      } catch (thrown) {
        if (!(thrown instanceof SweeplineError)) throw thrown;
        return [{ ...errorFinding(thrown.at(at(['runners', label]))), severity: 'warning' }];
      }
    });
}

function runnerOf(label: string, resolveRunner: RunnerResolver): ResolvedRunner | undefined {
  try {
    return resolveRunner(label);
  } catch (thrown) {
    if (thrown instanceof SweeplineError && thrown.code === 'SKU_UNKNOWN') return undefined;
    throw thrown;
  }
}

/** Jobs that can be planned and not run here, by the launcher that is not installed. */
function withoutLauncher(entries: readonly LocatedEntry[], resolveRunner: RunnerResolver): readonly string[] {
  const labels = new Map<string, Set<string>>();
  for (const { entry } of entries) {
    const runner = runnerOf(entry.runner, resolveRunner);
    if (runner?.cluster === undefined || hasLauncher(runner)) continue;
    labels.set(runner.launcherName, (labels.get(runner.launcherName) ?? new Set()).add(runner.label));
  }
  return [...labels].map(
    ([launcher, those]) =>
      `no installed plugin has the launcher ${launcher} of ${[...those].sort().join(', ')}: ` +
      '`plan` shows these jobs, `sweep` refuses them',
  );
}

function hasLauncher(runner: ResolvedRunner): boolean {
  try {
    runner.launcher();
    return true;
  } catch (thrown) {
    if (thrown instanceof SweeplineError && thrown.code === 'LAUNCHER_UNKNOWN') return false;
    throw thrown;
  }
}

/** Why plugins could not be loaded, each at its line of the workspace's list. */
function loadFindings(thrown: unknown, { config, at }: Workspace): readonly Finding[] {
  if (!(thrown instanceof SweeplineError)) throw thrown;
  const problems = thrown.problems.length > 0 ? thrown.problems : [thrown];
  return problems.map((problem) => {
    const index = config.plugins.indexOf(problem.where.plugin ?? '');
    const place = at(index < 0 ? ['plugins'] : ['plugins', index]);
    const isConfig = problem.where.line !== undefined;
    return errorFinding(
      isConfig
        ? problem
        : new SweeplineError(problem.code, problem.message, { where: place, hint: problem.hint }),
    );
  });
}
