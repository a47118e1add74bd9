import type { PluginBase } from './plugin.js';

/** What a recipe is for; a key left out matches everything. The most specific match wins. */
export interface RecipeMatch {
  readonly model?: string;
  readonly precision?: string;
  readonly sku?: string;
  readonly framework?: string;
  readonly spec?: string;
}

/** Launch rules as data: flags, environment and engine config for the jobs it matches. */
export interface Recipe {
  readonly match: RecipeMatch;
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Recipes for a framework that may be another package's: a vendor adds its own without touching that package. */
export interface RecipePlugin extends PluginBase {
  readonly kind: 'recipes';
  readonly framework: string;
  readonly recipes: readonly Recipe[];
}
