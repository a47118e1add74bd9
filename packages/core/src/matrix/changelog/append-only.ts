import { FIELD } from '../../config/fields.js';
import { SweeplineError, type Where } from '../../errors.js';
import { concurrenciesOf, isAgentic, recipeOf, type Row } from './row.js';

/**
 * The points that the head has and the base has not.
 * @throws {SweeplineError} APPEND_ONLY when a point of the base is gone or changed, when nothing is new, or when what is new
 * starts a curve or has another image than its curve.
 */
export function addedRows(base: readonly Row[], head: readonly Row[], where: Where): readonly Row[] {
  const before = pointsByRecipe(base);
  checkKept(before, pointsByRecipe(head), where);
  const added = head.flatMap((row) => {
    const known = pointsOf(before, recipeOf(row));
    const fresh = concurrenciesOf(row).filter((conc) => {
      if (known.has(conc)) return false;
      known.add(conc); // once, even if the head has it twice
      return true;
    });
    if (fresh.length === 0) return [];
    return [typeof row[FIELD.conc] === 'number' ? row : { ...row, [FIELD.conc]: fresh }];
  });
  if (added.length === 0) throw refuse('adds no point to what the base has', where);
  checkCurves(base, added, where);
  return added;
}

type Points = Map<string, Set<number>>;

function pointsOf(points: Points, recipe: string): Set<number> {
  const concurrencies = points.get(recipe) ?? new Set();
  points.set(recipe, concurrencies);
  return concurrencies;
}

function pointsByRecipe(rows: readonly Row[]): Points {
  const points: Points = new Map();
  for (const row of rows) {
    for (const conc of concurrenciesOf(row)) pointsOf(points, recipeOf(row)).add(conc);
  }
  return points;
}

function checkKept(before: Points, after: Points, where: Where): void {
  if (before.size === 0) throw refuse('has no point in the base that could be added to', where);
  for (const [recipe, concurrencies] of before) {
    const left = after.get(recipe);
    if (left === undefined) throw refuse(`removes or changes a recipe of the base: ${recipe}`, where);
    const gone = [...concurrencies].filter((conc) => !left.has(conc));
    if (gone.length > 0)
      throw refuse(`removes concurrency ${gone.join(', ')} of the recipe ${recipe}`, where);
  }
}

function checkCurves(base: readonly Row[], added: readonly Row[], where: Where): void {
  const images = new Map<string, Set<string>>();
  for (const row of base) {
    const curve = curveOf(row);
    images.set(curve, (images.get(curve) ?? new Set()).add(row[FIELD.image]));
  }
  for (const row of added) {
    const known = [...(images.get(curveOf(row)) ?? [])];
    if (known.length === 1 && known[0] === row[FIELD.image]) continue;
    const reason =
      known.length === 0
        ? 'a curve that the base has not'
        : `a curve whose image in the base is ${known.join(' and ')}`;
    throw refuse(`adds a point with image ${row[FIELD.image]} to ${reason}`, where);
  }
}

/** What InferenceX's dashboard draws as one curve. */
function curveOf(row: Row): string {
  const agentic = isAgentic(row);
  return JSON.stringify([
    row[FIELD.model],
    row[FIELD.modelPrefix],
    row[FIELD.precision],
    row[FIELD.framework],
    row[FIELD.runner],
    row[FIELD.disagg] ?? false,
    agentic,
    agentic ? [] : [row[FIELD.isl], row[FIELD.osl], row[FIELD.specDecoding]],
    (row[FIELD.kvOffloading] ?? 'none') !== 'none',
    row[FIELD.prefill]?.[FIELD.hardware],
    row[FIELD.decode]?.[FIELD.hardware],
  ]);
}

export function refuse(message: string, where: Where): SweeplineError {
  return new SweeplineError('APPEND_ONLY', `${FIELD.appendOnly}: ${message}`, {
    where,
    hint: `Leave what the base has as it is and only add points, or drop ${FIELD.appendOnly} to run the entry as a whole.`,
  });
}
