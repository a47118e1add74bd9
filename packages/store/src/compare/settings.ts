import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { differencesOf } from '../differences.js';
import { object, parsed, type Json } from '../json.js';
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
export async function settingsThatDiffer(
  a: Measurement,
  b: Measurement,
): Promise<readonly SettingDifference[]> {
  return differencesOf(await settingsOf(a), await settingsOf(b))
    .filter(({ where }) => !CHANGING.test(where))
    .map(({ where, original, here }) => ({ key: where, a: shown(original), b: shown(here) }));
}

function shown(value: unknown): string | undefined {
  return typeof value === 'string' || value === undefined ? value : JSON.stringify(value);
}

/** Differences that need not change what is measured: the same recipe in another place. */
const PLACE = /^(node$|provenance\.hardware\.|provenance\.placement\.node)/;

export function isPlace({ key }: SettingDifference): boolean {
  return PLACE.test(key);
}

/** All settings of a measurement that are on record, as `settingsThatDiffer` names them; of a list its parts, and the whole as JSON. */
export async function settingsByKey(measurement: Measurement): Promise<ReadonlyMap<string, string>> {
  return new Map(partsOf(await settingsOf(measurement), ''));
}

function partsOf(value: unknown, key: string): readonly (readonly [string, string])[] {
  if (Array.isArray(value)) {
    const parts = value.flatMap((part: unknown, index) => partsOf(part, `${key}[${index}]`));
    return [[key, JSON.stringify(value)], ...parts];
  }
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, part]) =>
      partsOf(part, key === '' ? name : `${key}.${name}`),
    );
  const text = shown(value);
  return text === undefined ? [] : [[key, text]];
}

async function settingsOf({ image, origin, extra, job, provenance, file }: Measurement): Promise<Json> {
  if (origin !== 'sweepline')
    return { image, recipe_fingerprint: object(parsed(extra))['recipe_fingerprint'] };
  const folder = file === undefined ? '' : dirname(file);
  const { prepare, processes } = await readObject(join(folder, 'plan.json'));
  return {
    image,
    job: parsed(job),
    provenance: parsed(provenance),
    load: await readObject(join(folder, 'load.json')),
    plan: { prepare, processes },
  };
}

/** A point that has no such file is compared without. */
async function readObject(file: string): Promise<Json> {
  return object(parsed(await readFile(file, 'utf8').catch(() => undefined)));
}
