import { createHash } from 'node:crypto';
import type { Json } from '../json.js';

/** Digits of the digest that distinguishes what has the same name. */
const DIGITS = 8;

interface Named {
  readonly point: string;
  readonly row: Json;
}

/**
 * Names of the artifacts of rows, each once. Points of Sweepline's runs have names of their own; an imported row is named after what it
 * describes.
 */
export function artifactNames(
  rows: readonly Named[],
  { isOwn }: { readonly isOwn: boolean },
): readonly string[] {
  const names = rows.map(({ point, row }) => folderName(isOwn ? point : nameOf(row)));
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  return names.map((name, index) =>
    counts.get(name.toLowerCase()) === 1 ? name : `${name}_${digestOf(rows[index]!.point)}`,
  );
}

/** What a file says can't lead out of the folder. */
export function folderName(name: string): string {
  return name.replaceAll(/[^\w.=+,-]/g, '-').replace(/^\.+/, '-');
}

const PARTS = ['infmax_model_prefix', 'isl', 'osl', 'precision', 'framework', 'spec_decoding', 'hw'] as const;
const SIZES = {
  tp: 'tp',
  ep: 'ep',
  dp_attention: 'dpa',
  prefill_tp: 'ptp',
  prefill_ep: 'pep',
  prefill_dp_attention: 'pdpa',
  prefill_num_workers: 'pw',
  decode_tp: 'dtp',
  decode_ep: 'dep',
  decode_dp_attention: 'ddpa',
  decode_num_workers: 'dw',
  conc: 'conc',
} as const;

function nameOf(row: Json): string {
  const sizes = Object.entries(SIZES).flatMap(([key, short]) =>
    key in row ? [`${short}${String(row[key])}`] : [],
  );
  return [...PARTS.map((key) => String(row[key])), ...sizes].join('_');
}

function digestOf(point: string): string {
  return createHash('sha256').update(point).digest('hex').slice(0, DIGITS);
}
