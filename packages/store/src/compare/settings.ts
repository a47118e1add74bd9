import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { object, text, type Json } from '../json.js';
import type { Measurement } from './measurements.js';

/** A setting that two measurements do not have in common. */
export interface SettingDifference {
  readonly key: string;
  readonly a: string | undefined;
  readonly b: string | undefined;
}

/** Members that differ from one measurement to the next although nothing was changed. */
const CHANGING =
  /^(provenance\.(session|retries)\b|provenance\.reused\.before|job\.(exp-name|run-eval)|load\.(endpoint|output)\b)/;

/** What two measurements of the same point differ in: the image, versions, the node, and all other settings that are on record. */
export async function differencesOf(a: Measurement, b: Measurement): Promise<readonly SettingDifference[]> {
  const [before, after] = [await settingsOf(a), await settingsOf(b)];
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys
    .filter((key) => !CHANGING.test(key) && before.get(key) !== after.get(key))
    .map((key) => ({ key, a: before.get(key), b: after.get(key) }));
}

/** Differences that need not change what is measured: the same recipe in another place. */
const PLACE = /^(node$|provenance\.hardware\.|provenance\.placement\.node)/;

export function isPlace({ key }: SettingDifference): boolean {
  return PLACE.test(key);
}

async function settingsOf(one: Measurement): Promise<ReadonlyMap<string, string>> {
  const settings = new Map<string, string>();
  if (one.image !== undefined) settings.set('image', one.image);
  if (one.origin !== 'sweepline') {
    const recipe = text(parsed(one.extra)['recipe_fingerprint']);
    if (recipe !== undefined) settings.set('recipe_fingerprint', recipe);
    return settings;
  }
  flatten('job', parsed(one.job), settings);
  flatten('provenance', parsed(one.provenance), settings);
  if (one.file === undefined) return settings;
  const folder = dirname(one.file);
  flatten('load', await readObject(join(folder, 'load.json')), settings);
  const { prepare, processes } = await readObject(join(folder, 'plan.json'));
  flatten('plan', { prepare, processes }, settings);
  return settings;
}

/** A point that has no such file is compared without. */
async function readObject(file: string): Promise<Json> {
  return parsed(await readFile(file, 'utf8').catch(() => undefined));
}

function parsed(json: string | undefined): Json {
  try {
    return object(JSON.parse(json ?? '{}'));
  } catch {
    return {};
  }
}

/** Leaves by their path. */
function flatten(path: string, value: unknown, into: Map<string, string>): void {
  if (typeof value === 'object' && value !== null)
    for (const [key, member] of Object.entries(value)) flatten(`${path}.${key}`, member, into);
  else if (value !== undefined) into.set(path, typeof value === 'string' ? value : JSON.stringify(value));
}
