import { toSweeplineError } from '../errors.js';
import type { Point } from '../matrix/job.js';
import type { FrameworkPlugin, Rejection } from '../plugin/framework.js';
import type { LaunchPlan } from '../plugin/launch-plan.js';
import type { LoadedPlugin, Registry } from '../plugin/registry.js';
import { checkPlan } from './check-plan.js';
import { makeContext, recipeRejection, type Conditions, type MadeContext } from './context.js';
import { checkCapacity, type ModelTable } from './capacity.js';
import { pointName } from './point-name.js';
import type { ResolvedRunner, RunnerResolver } from './runners.js';

interface PlannedBase {
  /** Unique in a sweep; names the point's files. */
  readonly name: string;
  readonly point: Point;
  readonly runner: ResolvedRunner;
  readonly framework: LoadedPlugin<FrameworkPlugin>;
  /** What speaks against the job without forbidding it, and what the plan has to say about itself. */
  readonly warnings: readonly string[];
}

/** A point with what to launch for it, or why it can't be run. */
export type PlannedPoint = PlannedBase &
  (
    | { readonly state: 'planned'; readonly plan: LaunchPlan }
    | { readonly state: 'rejected'; readonly rejection: Rejection }
  );

export interface Planner {
  /** @throws {SweeplineError} PLUGIN_THREW, PLAN_INVALID, OPTIONS_INVALID, or that framework or runner is unknown. */
  plan(point: Point, conditions?: Partial<Conditions>): PlannedPoint;
}

const NO_CONDITIONS: Conditions = { strict: false, env: {} };

/** Turns points into launch plans through the plugins. Pure: nothing is read or started. */
export function createPlanner(
  registry: Registry,
  resolveRunner: RunnerResolver,
  models: ModelTable = {},
): Planner {
  return {
    plan(point, given = {}) {
      const { job } = point;
      const conditions = { ...NO_CONDITIONS, ...given };
      const runner = resolveRunner(job.runner);
      const framework = registry.framework(job.framework);
      const planned = { name: pointName(point), point, runner, framework };
      const where = { job: planned.name, plugin: framework.package };
      return stamped<PlannedPoint>(where, () => {
        const { plugin } = framework;
        const made = makeContext(point, plugin, job.framework, runner, registry, conditions);
        const capacity = conditions.strict ? {} : checkCapacity(point, runner.sku, models);
        const rejection = rejectionOf(plugin, made) ?? capacity.rejection;
        const warnings = capacity.warnings ?? [];
        if (rejection !== undefined) return { ...planned, warnings, state: 'rejected', rejection };
        const plan = withDefaults(checkPlan(plugin.plan(made.context)), plugin);
        return { ...planned, warnings: [...warnings, ...(plan.notes ?? [])], state: 'planned', plan };
      });
    },
  };
}

/** The original refuses what its scripts refuse, and nothing else. */
function rejectionOf(plugin: FrameworkPlugin, made: MadeContext): Rejection | undefined {
  const { job, sku, strict } = made.context;
  return (
    (strict ? undefined : plugin.rejects?.(job, sku)) ??
    plugin.refuses?.(made.context) ??
    recipeRejection(made)
  );
}

/** What a plugin says of its servers once counts for each of its plans. */
function withDefaults(plan: LaunchPlan, { codec, serverMetrics }: FrameworkPlugin): LaunchPlan {
  if (plan.kind === 'delegate') return plan;
  const defaults = {
    ...(codec !== undefined && { codec }),
    ...(serverMetrics !== undefined && { serverMetrics }),
  };
  return { ...plan, client: { ...defaults, ...plan.client } };
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
