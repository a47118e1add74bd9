import { SweeplineError } from '../errors.js';
import type { PlanContext } from './framework.js';
import type { AppliedRecipe } from './recipes.js';

/** The recipe that a framework can't plan without. @throws {SweeplineError} PLAN_UNSUPPORTED that says why there is none. */
export function recipeOf({ recipe, point, job }: PlanContext, engine: string): AppliedRecipe {
  if (recipe !== undefined) return recipe;
  if (point === undefined) {
    throw new SweeplineError(
      'PLAN_UNSUPPORTED',
      `${engine} has no recipe for ${job.model}: its lengths are not fixed`,
    );
  }
  throw new SweeplineError(
    'PLAN_UNSUPPORTED',
    `${engine} has no recipe for ${job.model}: no plugin with recipes for ${engine} is loaded`,
    {
      hint: "Let the framework's package export its recipes next to the framework, as it does by default, or load a package with recipes.",
    },
  );
}
