// @ts-check
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {Record<string, unknown>} Row */

/** Rows of each agg_bmk.json below a folder. @param {string} folder @returns {readonly (readonly Row[])[]} */
export function realRows(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('agg_bmk.json'),
  );
  return files.sort().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
}

/** What says what was measured, and stays. */
const SETTINGS = /^(isl|osl|conc|tp|pp|ep|.*_size|.*_(tp|ep|num_workers)|num_.*_gpu)$/;

/**
 * Writes artifacts of InferenceX's with so many rows: real ones over and over, each time as another run, with numbers that differ as those
 * of repeats do.
 * @param {readonly (readonly Row[])[]} real
 * @param {string} folder
 * @param {number} rows
 * @param {() => number} random
 */
export function makeRows(real, folder, rows, random) {
  let left = rows;
  for (let round = 0; left > 0; round += 1)
    for (const [index, all] of real.entries()) {
      if (left === 0) return;
      const some = all.slice(0, left).map((row) => varied(row, random));
      left -= some.length;
      const run = join(folder, `run_${1_000_000 + round * 1000 + index}`);
      mkdirSync(run, { recursive: true });
      writeFileSync(join(run, 'agg_bmk.json'), JSON.stringify(some));
    }
}

/** @param {Row} row @param {() => number} random @returns {Row} */
function varied(row, random) {
  const factor = Math.exp(0.02 * (random() + random() - 1));
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === 'number' && !SETTINGS.test(key) ? value * factor : value,
    ]),
  );
}
