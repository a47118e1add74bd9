import { SweeplineError, toSweeplineError } from '../errors.js';
import type { Point } from '../matrix/job.js';
import type { FrameworkPlugin, PlanContext, Rejection } from '../plugin/framework.js';
import type { LaunchPlan } from '../plugin/launch-plan.js';
import type { NodeFacts } from '../plugin/node.js';
import type { LoadedPlugin, Registry } from '../plugin/registry.js';
import { checkPlan } from './check-plan.js';
import { pointName } from './point-name.js';
import type { ResolvedRunner, RunnerResolver } from './runners.js';

interface PlannedBase {
  /** Unique in a sweep; names the point's files. */
  readonly name: string;
  readonly point: Point;
  readonly runner: ResolvedRunner;
  readonly framework: LoadedPlugin<FrameworkPlugin>;
}

/** A point with what to launch for it, or why it can't be run. */
export type PlannedPoint = PlannedBase &
  (
    | { readonly state: 'planned'; readonly plan: LaunchPlan }
    | { readonly state: 'rejected'; readonly rejection: Rejection }
  );

export interface Planner {
  /** @throws {SweeplineError} PLUGIN_THREW, PLAN_INVALID, OPTIONS_INVALID, or that framework or runner is unknown. */
  plan(point: Point, facts?: NodeFacts): PlannedPoint;
}

/** Turns points into launch plans through the plugins. Pure: nothing is read or started. */
export function createPlanner(registry: Registry, resolveRunner: RunnerResolver): Planner {
  return {
    plan(point, facts) {
      const { job } = point;
      const runner = resolveRunner(job.runner);
      const framework = registry.framework(job.framework);
      const planned = { name: pointName(point), point, runner, framework };
      const where = { job: planned.name, plugin: framework.package };
      return stamped<PlannedPoint>(where, () => {
        const rejection = framework.plugin.rejects?.(job, runner.sku);
        if (rejection !== undefined) return { ...planned, state: 'rejected', rejection };
        const plan = checkPlan(framework.plugin.plan(contextOf(point, runner, framework, registry, facts)));
        return { ...planned, state: 'planned', plan };
      });
    },
  };
}

function contextOf(
  { job, concurrency }: Point,
  runner: ResolvedRunner,
  { plugin }: LoadedPlugin<FrameworkPlugin>,
  registry: Registry,
  facts: NodeFacts | undefined,
): PlanContext {
  return {
    job,
    concurrency,
    sku: runner.sku,
    options: optionsOf(plugin, job.options),
    ...(facts === undefined ? {} : { facts }),
    framework: (name) => registry.framework(name).plugin,
  };
}

function optionsOf(plugin: FrameworkPlugin, given: unknown): unknown {
  if (plugin.options === undefined) return undefined;
  const parsed = plugin.options.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${['options', ...issue.path].join('.')}: ${issue.message}`,
  );
  throw new SweeplineError('OPTIONS_INVALID', problems.join('; '));
}

/** Puts plugin and job on whatever a plugin throws. */
function stamped<T>(where: { readonly job: string; readonly plugin: string }, call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw toSweeplineError(thrown, 'PLUGIN_THREW', {
      where,
      hint: 'Report this to the authors of the plugin.',
    });
  }
}
