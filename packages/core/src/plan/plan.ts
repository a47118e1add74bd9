import { toSweeplineError, type SweeplineError } from '../errors.js';
import type { ModelSizes } from '../config/models.js';
import type { Point } from '../matrix/job.js';
import type { FrameworkPlugin } from '../plugin/framework.js';
import type { Rejection } from '../plugin/rejection.js';
import type { LaunchPlan } from '../plugin/launch-plan.js';
import { watched } from '../watch/watched.js';
import type { LoadedPlugin, Registry } from '../plugin/registry.js';
import { parallelismRejection } from './check-parallelism.js';
import { checkPlan } from './check-plan.js';
import { makeContext, recipeRejection, type Conditions, type MadeContext } from './context.js';
import { checkCapacity } from './capacity.js';
import { pointName } from './point-name.js';
import type { PlannedEval } from './evals.js';
import type { Repeat } from './repeats.js';
import type { ResolvedRunner, RunnerResolver } from './runners.js';

interface PlannedBase {
  /** Names the point's files; independent of what else is selected. */
  readonly name: string;
  readonly point: Point;
  /** Only in a sweep that measures each point several times. */
  readonly repeat?: Repeat;
  readonly runner: ResolvedRunner;
  readonly framework: LoadedPlugin<FrameworkPlugin>;
  /** Tasks that its server is asked after the load; missing where its job is marked for none. */
  readonly evals?: readonly PlannedEval[];
  /** Objections that don't reject the job, and the plan's own warnings. */
  readonly warnings: readonly string[];
}

/** A point with what to launch for it, or why it can't run. */
export type PlannedPoint = PlannedBase &
  (
    | { readonly state: 'planned'; readonly plan: LaunchPlan }
    | {
        readonly state: 'rejected';
        readonly rejection: Rejection;
        /** The plan that was made, if the plan itself is the reason. */
        readonly refused?: LaunchPlan;
      }
    /** A plugin threw, or its plan is unusable. */
    | { readonly state: 'failed'; readonly error: SweeplineError }
  );

export interface Planner {
  /** @throws {SweeplineError} PLUGIN_THREW, PLAN_INVALID, OPTIONS_INVALID, or that framework or runner is unknown. */
  plan(point: Point, conditions?: Partial<Conditions>): PlannedPoint;
  /** The same, but errors of plugins become the point's own state: they only affect that point. */
  tryPlan(point: Point, conditions?: Partial<Conditions>): PlannedPoint;
}

const NO_CONDITIONS: Conditions = { strict: false, env: {} };

/** Turns points into launch plans by calling plugins. Pure: reads nothing and starts nothing. */
export function createPlanner(
  registry: Registry,
  resolveRunner: RunnerResolver,
  models: ModelSizes = {},
): Planner {
  const baseOf = (point: Point): Omit<PlannedBase, 'warnings'> => {
    const runner = resolveRunner(point.job.runner);
    return {
      name: pointName(point, runner.sku.name),
      point,
      runner,
      framework: registry.framework(point.job.framework),
    };
  };
  const plan: Planner['plan'] = (point, given = {}) => {
    const base = baseOf(point);
    const { framework, runner } = base;
    const conditions = { ...NO_CONDITIONS, ...given };
    return planned<PlannedPoint>(base.name, framework, () => {
      const { plugin } = framework;
      const made = makeContext(point, plugin, point.job.framework, runner, registry, conditions);
      const capacity = conditions.strict ? {} : checkCapacity(point, runner.sku, models);
      const rejection = rejectionOf(plugin, made) ?? capacity.rejection;
      const warnings = capacity.warnings ?? [];
      if (rejection !== undefined) return { ...base, warnings, state: 'rejected', rejection };
      const launch = withDefaults(checkPlan(plugin.plan(made.context)), plugin);
      const wrong = conditions.strict
        ? undefined
        : parallelismRejection(launch, plugin, point.job, runner.sku);
      if (wrong !== undefined)
        return { ...base, warnings, state: 'rejected', rejection: wrong, refused: launch };
      return { ...base, warnings: [...warnings, ...(launch.notes ?? [])], state: 'planned', plan: launch };
    });
  };
  return {
    plan,
    tryPlan(point, conditions) {
      const base = baseOf(point);
      try {
        return plan(point, conditions);
      } catch (thrown) {
        return { ...base, warnings: [], state: 'failed', error: toSweeplineError(thrown, 'PLUGIN_THREW') };
      }
    },
  };
}

/** With `strict`, only what the original's scripts reject is rejected. */
function rejectionOf(plugin: FrameworkPlugin, made: MadeContext): Rejection | undefined {
  const { strict } = made.context;
  return (
    plugin.rejects?.(made.context) ??
    (strict ? undefined : precisionRejection(plugin, made)) ??
    recipeRejection(made)
  );
}

/** A precision that no engine knows would only mislabel the numbers. A recipe may have its own precision. */
function precisionRejection(
  plugin: FrameworkPlugin,
  { context, recipe }: MadeContext,
): Rejection | undefined {
  const { precision } = context.job;
  const known = [...(plugin.precisions ?? []), ...[recipe?.recipe.match.precision ?? []].flat()];
  if (plugin.precisions === undefined || known.includes(precision)) return undefined;
  return { reason: `${plugin.name}: it does not serve precision ${precision}, only ${known.join(', ')}` };
}

/** A plugin's defaults for its servers apply to each of its plans. */
function withDefaults(plan: LaunchPlan, { codec, serverMetrics }: FrameworkPlugin): LaunchPlan {
  if (plan.kind === 'delegate') return plan;
  const defaults = {
    ...(codec !== undefined && { codec }),
    ...(serverMetrics !== undefined && { serverMetrics }),
  };
  return { ...plan, client: { ...defaults, ...plan.client } };
}

/** Everything that plugins do for a plan happens within one call of the framework plugin, and errors carry the job's name. */
function planned<T>(
  job: string,
  { plugin, package: packageName }: LoadedPlugin<FrameworkPlugin>,
  make: () => T,
): T {
  const call = {
    plugin: `framework ${plugin.name}`,
    package: packageName,
    call: 'plan',
    limit: 'pure',
  } as const;
  try {
    return watched(call, make);
  } catch (thrown) {
    throw toSweeplineError(thrown, 'PLUGIN_THREW', { where: { job } });
  }
}
