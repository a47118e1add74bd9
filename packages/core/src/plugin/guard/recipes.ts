import type { Recipe, RecipePlugin } from '../recipes.js';
import { overlay } from './overlay.js';
import { callOf, type Owner } from './owner.js';
import { deepFreeze, isPlain } from './read-only.js';
import { checked, rejectionSchema } from './returned.js';
import { watched } from '../../watch/watched.js';

/** Recipes are data with functions in it: the rules. */
export function guardRecipes(plugin: RecipePlugin, owner: Owner): RecipePlugin {
  const guarded = (value: unknown, path: readonly string[]): unknown => {
    if (typeof value === 'function') return guardRule(plugin, owner, path.join('.'), value as Rule);
    if (!isPlain(value)) return value;
    if (Array.isArray(value))
      return Object.freeze(value.map((item, index) => guarded(item, [...path, String(index)])));
    const entries = Object.entries(value).map(
      ([key, inner]) => [key, guarded(inner, [...path, key])] as const,
    );
    return Object.freeze(Object.fromEntries(entries));
  };
  return overlay(plugin, {
    recipes: guarded(plugin.recipes, ['recipes']) as readonly Recipe[],
  });
}

type Rule = (...args: readonly unknown[]) => unknown;

function guardRule(plugin: RecipePlugin, owner: Owner, path: string, rule: Rule): Rule {
  const call = callOf(plugin, owner, path, 'pure');
  const isRejects = path.endsWith('.rejects');
  return function (this: unknown, ...given) {
    return watched(call, () => {
      const value = rule.apply(this, given.map(deepFreeze));
      return isRejects ? checked(call, rejectionSchema, value) : value;
    });
  };
}
