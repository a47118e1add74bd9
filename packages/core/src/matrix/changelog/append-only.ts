import { SweeplineError, type Where } from '../../errors.js';
import { concurrenciesOf, isAgentic, isMultiNode, type Job } from '../job.js';
import { lossOf, nameOf } from './recipe-words.js';
import { recipeOf, type Row } from './row.js';

/**
 * The points in the head that are not in the base.
 * @throws {SweeplineError} APPEND_ONLY when a point of the base is missing or changed, when nothing is new, or when a new point
 * starts a curve or has another image than its curve.
 */
export function addedRows(base: readonly Row[], head: readonly Row[], where: Where): readonly Row[] {
  const before = recipesOf(base);
  checkKept(before, recipesOf(head), where);
  const emitted = new Set<string>();
  const added = head.flatMap((row) => {
    const recipe = recipeOf(row);
    const fresh = concurrenciesOf(row).filter((conc) => {
      const point = `${conc} ${recipe}`;
      if (before.get(recipe)?.concurrencies.has(conc) === true || emitted.has(point)) return false;
      emitted.add(point);
      return true;
    });
    if (fresh.length === 0) return [];
    return [isMultiNode(row) ? { ...row, conc: fresh } : row];
  });
  if (added.length === 0) throw refuse('adds no point to those of the base', where);
  checkCurves(base, added, where);
  return added;
}

/** A row of each recipe, and all its concurrencies. */
type Recipes = ReadonlyMap<string, { readonly row: Row; readonly concurrencies: Set<number> }>;

function recipesOf(rows: readonly Row[]): Recipes {
  const recipes = new Map<string, { row: Row; concurrencies: Set<number> }>();
  for (const row of rows) {
    const recipe = recipeOf(row);
    const { concurrencies } = recipes.get(recipe) ?? { concurrencies: new Set() };
    for (const conc of concurrenciesOf(row)) concurrencies.add(conc);
    recipes.set(recipe, { row, concurrencies });
  }
  return recipes;
}

function checkKept(before: Recipes, after: Recipes, where: Where): void {
  if (before.size === 0) throw refuse('has no point in the base to add to', where);
  for (const [recipe, { row, concurrencies }] of before) {
    const left = after.get(recipe)?.concurrencies;
    if (left === undefined)
      throw refuse(
        lossOf(
          row,
          [...after.values()].map((other) => other.row),
        ),
        where,
      );
    const gone = [...concurrencies].filter((conc) => !left.has(conc));
    if (gone.length > 0) throw refuse(`removes concurrency ${gone.join(', ')} of ${nameOf(row)}`, where);
  }
}

function checkCurves(base: readonly Row[], added: readonly Row[], where: Where): void {
  const images = new Map<string, Set<string>>();
  for (const row of base) {
    const curve = curveOf(row);
    images.set(curve, (images.get(curve) ?? new Set()).add(row.image));
  }
  for (const row of added) {
    const known = [...(images.get(curveOf(row)) ?? [])];
    if (known.length === 1 && known[0] === row.image) continue;
    const reason =
      known.length === 0
        ? 'a curve that the base does not have'
        : `a curve whose image in the base is ${known.join(' and ')}`;
    throw refuse(`adds a point with image ${row.image} to ${reason}`, where);
  }
}

/** Points that InferenceX's dashboard draws as one curve. */
function curveOf(job: Job): string {
  return JSON.stringify([
    job.model,
    job['model-prefix'],
    job.precision,
    job.framework,
    job.runner,
    'disagg' in job && job.disagg,
    isAgentic(job) && job['kv-offloading'] !== 'none',
    isAgentic(job) ? 'agentic-coding' : [job.isl, job.osl, job['spec-decoding']],
    isMultiNode(job) ? [job.prefill.hardware, job.decode.hardware] : [],
  ]);
}

export function refuse(message: string, where: Where): SweeplineError {
  return new SweeplineError('APPEND_ONLY', `append-only: ${message}`, {
    where,
    hint: `Don't change anything that the base has and only add points, or remove append-only to run the whole entry.`,
  });
}
