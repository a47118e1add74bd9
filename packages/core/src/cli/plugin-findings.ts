import { errorFinding, type Finding } from '../config/findings.js';
import type { Inspection } from '../config/inspect.js';
import type { LocatedEntry, Workspace } from '../config/load.js';
import { SweeplineError } from '../errors.js';
import { entryProblems } from '../plan/check-entries.js';
import { taskProblems } from '../plan/evals.js';
import type { Planner } from '../plan/plan.js';
import { resolveClusters } from '../plan/resolve-clusters.js';
import type { RunnerResolver } from '../plan/runners.js';
import type { Registry } from '../plugin/registry.js';
import type { App } from './app.js';
import { clientSettings } from './client-settings.js';
import { dataSetsOf, loadProblemsOf } from './load-problems.js';
import { commandsOfPackages } from './package-commands.js';
import { rejectionsOf } from './rejections.js';

/** What plugins know about configs, and the problems that they find. */
export interface PluginFindings {
  readonly findings: readonly Finding[];
  /** The GPUs of a label's nodes; undefined for a label that no plugin knows. */
  readonly devicesOf: (label: string) => number | undefined;
}

/** Everything for which `sweep` would refuse these entries and clusters, or the workspace's own. */
export async function pluginFindings(
  app: App,
  workspace: Workspace,
  { entries, clusters, evals }: Pick<Inspection, 'entries' | 'clusters' | 'evals'>,
): Promise<PluginFindings> {
  const findings = (await commandsOfPackages(app)).problems.flatMap(({ error }) =>
    // A problem of the package itself.
    error.code === 'PLUGIN_NOT_FOUND' ? [] : loadFindings(error, workspace),
  );
  try {
    const registry = await app.registry();
    // Before those of the workspace: if it has a problem, no runner is known.
    findings.push(
      ...resolveClusters({ written: clusters, problems: [] }, registry).problems.map(errorFinding),
    );
    findings.push(...evals.flatMap((one) => taskProblems(one, registry)).map(errorFinding));
    const resolveRunner = await app.runners();
    findings.push(
      ...(await entryFindings(workspace, entries, registry, resolveRunner, await app.planner())),
      ...unusedRunners(workspace, entries, resolveRunner),
    );
    return { findings, devicesOf: (label) => devicesOf(label, resolveRunner) };
  } catch (thrown) {
    findings.push(...loadFindings(thrown, workspace));
    return { findings, devicesOf: () => undefined };
  }
}

async function entryFindings(
  workspace: Workspace,
  entries: readonly LocatedEntry[],
  registry: Registry,
  resolveRunner: RunnerResolver,
  planner: Planner,
): Promise<readonly Finding[]> {
  const problemsOf = (some: readonly LocatedEntry[]): readonly SweeplineError[] =>
    entryProblems(some, registry, resolveRunner, { launch: true });
  const problems = problemsOf(entries);
  // An entry with problems can't be planned; rejections of the others are reported anyway.
  const sound = problems.length === 0 ? entries : entries.filter((one) => problemsOf([one]).length === 0);
  const rejections = sound.flatMap((located) => rejectionsOf(located, planner));
  const load = { ...clientSettings(workspace), ...dataSetsOf(entries) };
  const loads: SweeplineError[] = [];
  for (const located of sound) loads.push(...(await loadProblemsOf(located, planner, load)));
  return [...problems, ...rejections, ...loads].map(errorFinding);
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

/** Undefined for a label that nothing defines; that is an error of its own. */
function devicesOf(label: string, resolveRunner: RunnerResolver): number | undefined {
  try {
    return resolveRunner(label).sku.devicesPerNode;
  } catch (thrown) {
    if (thrown instanceof SweeplineError && thrown.code === 'SKU_UNKNOWN') return undefined;
    throw thrown;
  }
}

/** Why plugins could not be loaded, each at its line in the workspace's list. */
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
