import type { Worker } from '../config/model.js';
import { isMultiNode, type Point } from '../matrix/job.js';
import { SweeplineError } from '../errors.js';
import type { Backend, FrameworkPlugin, PlanContext } from '../plugin/framework.js';
import type { Rejection } from '../plugin/rejection.js';
import type { NodeFacts } from '../plugin/node.js';
import type { Registry } from '../plugin/registry.js';
import { applyRecipe, findRecipe, hasRecipes, recipeKey, recipePoint, type FoundRecipe } from './recipes.js';
import type { ResolvedRunner } from './runners.js';

/** Conditions for plans, besides the jobs themselves. */
export interface Conditions {
  /** `--compat strict`. */
  readonly strict: boolean;
  /** Environment of the servers. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly facts?: NodeFacts;
}

/** A context, and the planner's own findings. */
export interface MadeContext {
  readonly context: PlanContext;
  readonly recipe?: FoundRecipe;
  /** The framework has recipes, but none for this job. */
  readonly unknown: boolean;
}

/** A plan's context for a framework's job. @throws {SweeplineError} OPTIONS_INVALID, RECIPES_AMBIGUOUS. */
export function makeContext(
  { job, concurrency }: Point,
  plugin: FrameworkPlugin,
  framework: string,
  runner: ResolvedRunner,
  registry: Registry,
  conditions: Conditions,
  worker?: { readonly role: string; readonly parallelism: Worker },
): MadeContext {
  const { strict, facts } = conditions;
  const basis = {
    job,
    concurrency,
    sku: runner.sku,
    options: worker === undefined ? optionsOf(plugin, job.options) : optionsOf(plugin, undefined),
    strict,
    ...(facts === undefined ? {} : { facts }),
    ...(runner.cluster === undefined ? {} : { cluster: runner.cluster }),
  };
  const point = recipePoint({ ...basis, env: conditions.env }, worker);
  const recipe =
    point === undefined
      ? undefined
      : findRecipe(registry, plugin.name, recipeKey(job, runner.sku.name, framework));
  return {
    ...(recipe === undefined ? {} : { recipe }),
    unknown: recipe === undefined && point !== undefined && hasRecipes(registry, plugin.name),
    context: {
      ...basis,
      ...(point === undefined ? {} : { point }),
      ...(recipe === undefined || point === undefined ? {} : { recipe: applyRecipe(recipe.recipe, point) }),
      framework: (name) => backend(name, { job, concurrency }, runner, registry, conditions),
    },
  };
}

function backend(
  name: string,
  point: Point,
  runner: ResolvedRunner,
  registry: Registry,
  conditions: Conditions,
): Backend {
  const { plugin } = registry.framework(name);
  return {
    plugin,
    worker(role, parallelism) {
      if (plugin.worker === undefined) {
        throw new SweeplineError(
          'PLAN_UNSUPPORTED',
          `framework ${name} has no workers for other frameworks to start`,
        );
      }
      const { context } = makeContext(point, plugin, name, runner, registry, conditions, {
        role,
        parallelism,
      });
      return plugin.worker(context);
    },
  };
}

/** Why a job's recipe, or the lack of one, rejects it. */
export function recipeRejection({ context, recipe, unknown }: MadeContext): Rejection | undefined {
  const { job, sku, strict, point } = context;
  if (unknown || (strict && recipe?.recipe.generic === true)) {
    const what = `${job['model-prefix']} in ${job.precision} with ${job.framework} on ${sku.name}`;
    return {
      reason: strict
        ? `the original has no script for ${what}`
        : `there is no recipe for ${what}${isMultiNode(job) ? '' : ` (spec-decoding ${job['spec-decoding']})`}`,
    };
  }
  return point === undefined ? undefined : recipe?.recipe.rejects?.(point);
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
