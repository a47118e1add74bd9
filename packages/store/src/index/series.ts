import { createHash } from 'node:crypto';
import type { Cell, Identity } from './tables.js';

/** What may differ between measurements that are compared: the image, and names of the same model and hardware. */
const LEFT_OUT: ReadonlySet<string> = new Set(['image', 'model', 'hw']);
/** Sizes that a row of a time before them doesn't say, which is 1. */
const LATER_SIZES: ReadonlySet<string> = new Set(['pp', 'dcp_size', 'pcp_size']);

/** Of identities that many rows share. */
const known = new WeakMap<Identity, string>();

/**
 * Digest of what was measured, 16 hex digits: the same where a row says that something is off, and where it says nothing.
 * @param more what else decides it, such as options of a config entry
 */
export function seriesOf(identity: Identity, more?: unknown): string {
  if (more !== undefined) return digestOf(identity, more);
  const series = known.get(identity) ?? digestOf(identity, more);
  known.set(identity, series);
  return series;
}

function digestOf(identity: Identity, more: unknown): string {
  const parts: [string, Cell][] = [];
  for (const [key, value] of Object.entries<Cell>(identity))
    if (!LEFT_OUT.has(key) && !isUsual(key, value)) parts.push([key, value]);
  parts.sort(([a], [b]) => (a < b ? -1 : 1));
  const name = identity.infmax_model_prefix ?? identity.model;
  return createHash('sha256')
    .update(JSON.stringify([name, parts, more ?? null]))
    .digest('hex')
    .slice(0, 16);
}

function isUsual(key: string, value: Cell): boolean {
  return value === undefined || value === false || value === 'none' || (LATER_SIZES.has(key) && value === 1);
}
