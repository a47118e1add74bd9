import { createHash } from 'node:crypto';
import { loadIdentity } from '../../load/scenario/load.js';
import { canonicalJson } from '../canonical.js';
import type { Job } from '../job.js';

/** A matrix entry of a changelog's sweep; it has a recipe fingerprint. */
export type Row = Job;

/** What tells the points of one recipe apart. */
const OF_POINTS: readonly string[] = ['conc', 'exp-name', 'recipe-fingerprint'];

/** A row without what tells its points apart, as one text: JSON in ASCII, keys in order, no spaces. */
export function recipeOf(row: Row): string {
  const written = row.load === undefined ? row : { ...row, load: loadIdentity(row.load) };
  const recipe = Object.entries(written).filter(([key]) => !OF_POINTS.includes(key));
  const json = canonicalJson(Object.fromEntries(recipe));
  return json.replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => String.raw`\u` + unit.charCodeAt(0).toString(16).padStart(4, '0'),
  );
}

/** SHA-256 of a row's recipe, in hex: the name by which InferenceX knows it at all concurrencies. */
export function recipeFingerprint(row: Row): string {
  return createHash('sha256').update(recipeOf(row)).digest('hex');
}
