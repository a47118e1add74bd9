import { fits, floorFor, type Evals, type EvalTaskConfig } from '../config/evals.js';
import { SweeplineError, toSweeplineError, type Where } from '../errors.js';
import type { EvalContext, EvalPlan, EvalPlugin } from '../plugin/eval.js';
import type { ServePlan } from '../plugin/launch-plan.js';
import type { LoadedPlugin, Registry } from '../plugin/registry.js';
import { injectedAcceptance } from './injected-acceptance.js';
import type { PlannedPoint } from './plan.js';
import { checkOptions } from './plugin-options.js';

/** A task that a point's server is to be asked. */
export interface PlannedEval {
  /** Its name in configs/evals.yaml. */
  readonly task: string;
  readonly plugin: LoadedPlugin<EvalPlugin>;
  readonly plan: EvalPlan;
  /** Requests in flight at most. */
  readonly concurrency: number;
  /** Lowest score that is good enough, a fraction; missing where no config has one. */
  readonly floor?: number;
}

/** A task whose options have been checked. */
interface ReadyTask {
  readonly task: string;
  readonly config: EvalTaskConfig;
  readonly plugin: LoadedPlugin<EvalPlugin>;
  readonly options: unknown;
  readonly at: Where;
}

/** Whether a point's job is marked for an eval at this concurrency. */
export function isMarkedForEval({ job, concurrency }: PlannedPoint['point']): boolean {
  if (job['run-eval'] !== true) return false;
  const at = 'eval-conc' in job ? job['eval-conc'] : undefined;
  const isEach = 'eval-all-concs' in job && job['eval-all-concs'] === true;
  return isEach || at === undefined || at === concurrency;
}

/**
 * Adds to marked points what they are asked. What can't be asked of a job is among its warnings.
 * @throws {SweeplineError} EVAL_UNKNOWN, OPTIONS_INVALID, or what is wrong with the files of a task: all problems at once
 */
export async function planEvals(
  points: readonly PlannedPoint[],
  evals: Evals,
  registry: Registry,
  root: string,
): Promise<readonly PlannedPoint[]> {
  const ready = readyTasks(evals, registry);
  const problems = new Map<string, SweeplineError>();
  const planned: PlannedPoint[] = [];
  for (const point of points) {
    if (point.state !== 'planned' || !isMarkedForEval(point.point)) {
      planned.push(point);
      continue;
    }
    const wanted = ready.filter(({ config }) => fits(config.for ?? {}, point.point.job));
    const asked = await Promise.all(wanted.map((task) => planEval(task, point, evals, root)));
    for (const one of asked) if ('error' in one) problems.set(one.error.message, one.error);
    planned.push({
      ...point,
      evals: asked.flatMap((one) => ('plan' in one ? [one] : [])),
      warnings: [
        ...point.warnings,
        ...(wanted.length === 0
          ? [`it is marked for an eval, and no task of configs/evals.yaml is for it`]
          : []),
        ...asked.flatMap((one) => ('warning' in one ? [one.warning] : [])),
      ],
    });
  }
  const error = SweeplineError.together([...problems.values()], `${problems.size} evals can't be planned`);
  if (error !== undefined) throw error;
  return planned;
}

/** What is wrong with tasks that only plugins can find: an unknown plugin, wrong options. */
export function taskProblems(evals: Evals, registry: Registry): readonly SweeplineError[] {
  return checkedTasks(evals, registry).problems;
}

/** @throws {SweeplineError} with all problems of the tasks */
function readyTasks(evals: Evals, registry: Registry): readonly ReadyTask[] {
  const { ready, problems } = checkedTasks(evals, registry);
  const error = SweeplineError.together(problems, `configs/evals.yaml has ${problems.length} problems`);
  if (error !== undefined) throw error;
  return ready;
}

function checkedTasks(
  { tasks, at: place }: Evals,
  registry: Registry,
): { readonly ready: readonly ReadyTask[]; readonly problems: readonly SweeplineError[] } {
  const problems: SweeplineError[] = [];
  const ready = Object.entries(tasks).flatMap(([task, config]): ReadyTask[] => {
    const at = (path: readonly PropertyKey[]): Where => place(['tasks', task, ...path]);
    try {
      const plugin = registry.eval(config.plugin);
      const inOptions = (path: readonly PropertyKey[]): Where => at(['options', ...path]);
      const checked = checkOptions(plugin, { value: config.options, at: inOptions, code: 'OPTIONS_INVALID' });
      if ('options' in checked) return [{ task, config, plugin, options: checked.options, at: at([]) }];
      problems.push(...checked.problems);
    } catch (thrown) {
      problems.push(toSweeplineError(thrown, 'CONFIG_INVALID', { where: at(['plugin']) }));
    }
    return [];
  });
  return { ready, problems };
}

type Asked = PlannedEval | { readonly warning: string } | { readonly error: SweeplineError };

async function planEval(
  { task, config, plugin, options, at }: ReadyTask,
  point: Extract<PlannedPoint, { readonly state: 'planned' }>,
  evals: Evals,
  root: string,
): Promise<Asked> {
  const { plan, point: of } = point;
  const notAsked = (reason: string): Asked => ({ warning: `eval ${task} is left out: ${reason}` });
  if (plan.kind !== 'serve') return notAsked('the plan hands the whole job to another program');
  const injected = injectedAcceptance(plan);
  if (injected !== undefined)
    return notAsked(
      `${injected.by} orders which drafts are accepted, so that its answers are not the model's`,
    );
  const context = contextOf({ task, config, options }, plan, of, root);
  const floor = floorFor(config, evals, of.job);
  try {
    const rejection = plugin.plugin.rejects?.(context);
    if (rejection !== undefined) return notAsked(rejection.reason);
    return {
      ...{ task, plugin, plan: await plugin.plugin.plan(context), concurrency: of.concurrency },
      ...(floor !== undefined && { floor }),
    };
  } catch (thrown) {
    return { error: toSweeplineError(thrown, 'CONFIG_INVALID', { where: at }) };
  }
}

function contextOf(
  { task, config, options }: Pick<ReadyTask, 'task' | 'config' | 'options'>,
  { client }: ServePlan,
  { job, concurrency }: PlannedPoint['point'],
  root: string,
): EvalContext {
  const { 'num-fewshot': fewshot } = config;
  return {
    job,
    concurrency,
    model: client.model,
    task,
    options,
    root,
    ...(fewshot !== undefined && { fewshot }),
  };
}
