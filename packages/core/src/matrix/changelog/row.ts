import { createHash } from 'node:crypto';
import { loadIdentity } from '../../load/scenario/load.js';
import { canonicalJson } from '../canonical.js';
import type { Job } from '../job.js';

/** A matrix entry of a changelog's sweep; it has a recipe fingerprint. */
export type Row = Job;

/** Fields that distinguish the points of one recipe. */
const OF_POINTS: readonly string[] = ['conc', 'exp-name', 'recipe-fingerprint'];

/** A row without the fields that distinguish its points, as one text: JSON in ASCII, keys sorted, no spaces. */
export function recipeOf(row: Row): string {
  const written = row.load === undefined ? row : { ...row, load: loadIdentity(row.load) };
  const recipe = Object.entries(written).filter(([key]) => !OF_POINTS.includes(key));
  const json = canonicalJson(Object.fromEntries(recipe));
  return json.replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => String.raw`\u` + unit.charCodeAt(0).toString(16).padStart(4, '0'),
  );
}

/** SHA-256 of a row's recipe, in hex: its name in InferenceX at all concurrencies. */
export function recipeFingerprint(row: Row): string {
  return createHash('sha256').update(recipeOf(row)).digest('hex');
}
