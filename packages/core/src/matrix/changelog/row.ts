import { createHash } from 'node:crypto';
import { FIELD } from '../../config/fields.js';
import type { Job } from '../job.js';

/** A matrix entry of a changelog's sweep. */
export type Row = Job & { readonly [FIELD.recipeFingerprint]?: string };

/** What tells the points of one recipe apart. */
const OF_POINTS: readonly string[] = [FIELD.conc, FIELD.expName, FIELD.recipeFingerprint];

/** A row without what tells its points apart, as one text: JSON in ASCII, keys in order, no spaces. */
export function recipeOf(row: Row): string {
  const recipe = Object.entries(row).filter(([key]) => !OF_POINTS.includes(key));
  const json = JSON.stringify(Object.fromEntries(recipe), inKeyOrder);
  return json.replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => String.raw`\u` + unit.charCodeAt(0).toString(16).padStart(4, '0'),
  );
}

function inKeyOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** SHA-256 of a row's recipe, in hex: the name by which InferenceX knows it at all concurrencies. */
export function recipeFingerprint(row: Row): string {
  return createHash('sha256').update(recipeOf(row)).digest('hex');
}
