import { expect, it } from 'vitest';
import { recipeOf, type PlanContext } from '../../src/index.js';

const context = (of: Partial<PlanContext>) => ({ job: { model: 'org/m' }, ...of }) as PlanContext;
const point = {} as NonNullable<PlanContext['point']>;

it('a recipe that is missing is said to be for what it is missing', () => {
  const recipe = { flags: {}, env: {}, config: {} } as unknown as NonNullable<PlanContext['recipe']>;

  expect(recipeOf(context({ point, recipe }), 'acme')).toBe(recipe);
  expect(() => recipeOf(context({ point }), 'acme')).toThrow(/no plugin with recipes for acme is loaded/);
  expect(() => recipeOf(context({}), 'acme')).toThrow(/its lengths are not fixed/);
});
