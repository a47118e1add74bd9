import type { Worker } from '../config/model.js';
import { SweeplineError } from '../errors.js';
import { isAgentic, isMultiNode, type Job } from '../matrix/job.js';
import type { PlanContext } from '../plugin/framework.js';
import type { LoadedPlugin, Registry } from '../plugin/registry.js';
import type {
  AppliedRecipe,
  Recipe,
  RecipeMatch,
  RecipePlugin,
  RecipePoint,
  Rule,
  Rules,
} from '../plugin/recipes.js';

/** A recipe and the package that contains it. */
export interface FoundRecipe {
  readonly recipe: Recipe;
  readonly package: string;
}

/** What a recipe's `match` is compared with. */
export type RecipeKey = Readonly<Record<keyof RecipeMatch, string>>;

/**
 * The most specific recipe for a framework plugin's job, applied over those that it extends.
 * @throws {SweeplineError} RECIPES_AMBIGUOUS when two of these recipes are equally specific.
 */
export function findRecipe(registry: Registry, framework: string, key: RecipeKey): FoundRecipe | undefined {
  const found = recipePlugins(registry, framework)
    .flatMap((loaded) => loaded.plugin.recipes.map((recipe) => ({ recipe, package: loaded.package })))
    .filter(({ recipe }) => matches(recipe.match, key))
    .sort((one, other) => specificity(other) - specificity(one));
  const replacing = found.findIndex(({ recipe }) => recipe.replaces === true);
  // Other recipes as specific as one with `replaces` conflict with it.
  const last = replacing === -1 ? found.at(-1) : found[replacing];
  const chain = found.filter((one) => last !== undefined && specificity(one) >= specificity(last));
  refuseRivals(chain, key);
  return chain.length === 0 ? undefined : chain.reduceRight((base, more) => extended(base, more));
}

/** The most specific one comes first. */
function refuseRivals(chain: readonly FoundRecipe[], key: RecipeKey): void {
  const at = chain.findIndex((one, index) => {
    const before = chain[index - 1];
    return before !== undefined && specificity(before) === specificity(one);
  });
  const [rival, one] = [chain[at - 1], chain[at]];
  if (one === undefined || rival === undefined) return;
  throw new SweeplineError(
    'RECIPES_AMBIGUOUS',
    `two recipes are equally specific for ${JSON.stringify(key)}: of ${rival.package} (${JSON.stringify(rival.recipe.match)}) ` +
      `and of ${one.package} (${JSON.stringify(one.recipe.match)})`,
    {
      // The framework's package is only named if one of the recipes is its own.
      where: { plugin: [...new Set([rival.package, one.package])].join(', ') },
      hint: 'Give one of them another key in `match`, or unload one of the packages.',
    },
  );
}

/** A recipe over a less specific one: its own rules by name, otherwise the other's. */
function extended(base: FoundRecipe, more: FoundRecipe): FoundRecipe {
  const { generic: _, ...inherited } = base.recipe;
  const { recipe } = more;
  return {
    package: more.package,
    recipe: {
      ...inherited,
      ...recipe,
      source: `${recipe.source}; over: ${base.recipe.source}`,
      flags: { ...inherited.flags, ...recipe.flags },
      env: { ...inherited.env, ...recipe.env },
      config: { ...inherited.config, ...recipe.config },
    },
  };
}

/** Whether there are any recipes for a framework plugin. */
export function hasRecipes(registry: Registry, framework: string): boolean {
  return recipePlugins(registry, framework).length > 0;
}

function recipePlugins(registry: Registry, framework: string): readonly LoadedPlugin<RecipePlugin>[] {
  return registry.all.filter(
    (loaded): loaded is LoadedPlugin<RecipePlugin> =>
      loaded.plugin.kind === 'recipes' && loaded.plugin.framework === framework,
  );
}

function matches(match: RecipeMatch, key: RecipeKey): boolean {
  return Object.entries(match).every(([name, wanted]: [string, string | readonly string[] | undefined]) =>
    wanted === undefined ? true : [wanted].flat().includes(key[name as keyof RecipeMatch]),
  );
}

function specificity({ recipe }: FoundRecipe): number {
  return Object.values(recipe.match).filter((wanted) => wanted !== undefined).length;
}

export function recipeKey(job: Job, sku: string, framework: string): RecipeKey {
  return {
    model: job['model-prefix'],
    precision: job.precision,
    sku,
    framework,
    spec: job['spec-decoding'],
  };
}

type PointBasis = Pick<PlanContext, 'job' | 'concurrency' | 'sku' | 'options' | 'facts' | 'strict'> &
  Pick<RecipePoint, 'env'>;

/** A job in short names: as a server on one node, or as one of its workers. Undefined for jobs without fixed lengths. */
export function recipePoint(
  basis: PointBasis,
  worker?: { readonly role: string; readonly parallelism: Worker },
): RecipePoint | undefined {
  const { job } = basis;
  if (isAgentic(job)) return undefined;
  const parallelism = worker?.parallelism ?? (isMultiNode(job) ? undefined : job);
  if (parallelism === undefined) return undefined;
  return {
    ...basis,
    model: job.model,
    role: worker?.role ?? 'server',
    tp: parallelism.tp,
    pp: parallelism.pp ?? 1,
    ep: parallelism.ep,
    dpAttn: parallelism['dp-attn'],
    spec: job['spec-decoding'],
    isl: job.isl,
    osl: job.osl,
    maxModelLen: job['max-model-len'],
  };
}

/** The result of applying a recipe's rules. */
export function applyRecipe(recipe: Recipe, point: RecipePoint): AppliedRecipe {
  const { source, configFile, chatTemplate } = recipe;
  return {
    source,
    flags: applyRules(recipe.flags, point),
    env: applyRules(recipe.env, point),
    config: applyRules(recipe.config, point),
    setup: applyRule(recipe.setup ?? [], point),
    ...(configFile === undefined ? {} : { configFile }),
    ...(chatTemplate === undefined ? {} : { chatTemplate }),
  };
}

function applyRules<T>(rules: Rules<T> = {}, point: RecipePoint): Readonly<Record<string, T>> {
  const entries = Object.entries(rules).map(([name, rule]) => [name, applyRule(rule, point)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, T] => entry[1] !== undefined));
}

function applyRule<T>(rule: Rule<T>, point: RecipePoint): T {
  return typeof rule === 'function' ? (rule as (at: RecipePoint) => T)(point) : rule;
}
