// @ts-check
/** Sweeps one point with a planted difference, and reads what its result says about the engine's settings. */
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sweeplineShown } from '../real-vllm/sweepline.js';

/**
 * @typedef {import('./plants.js').Plant} Plant
 * @typedef {object} Engine
 * @property {string} name
 * @property {Record<string, unknown>} entry The config entry.
 * @property {string} program The program that the plan starts, by its name on the PATH.
 * @property {string} real Path of the program that the shim starts instead.
 * @property {string} only Text that identifies the server's command line.
 * @property {NodeJS.ProcessEnv} env
 * @property {readonly Plant[]} plants
 */

/** @param {Engine} engine @returns {Promise<readonly string[]>} Problems. */
export async function checkEngine(engine) {
  /** @type {string[]} */
  const problems = [];
  for (const plant of engine.plants) problems.push(...(await checkPlant(engine, plant)));
  return problems;
}

/** @param {Engine} engine @param {Plant} plant @returns {Promise<readonly string[]>} */
async function checkPlant(engine, plant) {
  const where = `${engine.name}, ${plant.what}`;
  const { code, point } = await sweep(engine, plant);
  if (point?.state !== 'completed')
    return told(where, [`${point?.state} (exit code ${code}): ${point?.error?.message}`]);
  /** @type {readonly { code: string, message: string }[]} */
  const marks = point.marks;
  const said = marks.filter((mark) => mark.code.startsWith('settings-')).map(({ message }) => message);
  const found = said.flatMap((message) =>
    [...message.matchAll(/(?:^|; )([\w-]+): /g)].map(([, name]) => name),
  );
  const missing = plant.names.filter((name) => !found.includes(name));
  const surplus = plant.names.length === 0 ? said : [];
  for (const message of said) console.log(`${where}: ${message}`);
  if (said.length === 0) console.log(`${where}: no mark`);
  return told(where, [
    ...missing.map((name) => `${name} was not found`),
    ...surplus.map((text) => `marked: ${text}`),
  ]);
}

/** @param {string} where @param {readonly string[]} problems */
function told(where, problems) {
  return problems.map((problem) => `${where}: ${problem}`);
}

/** @param {Engine} engine @param {Plant} plant */
async function sweep(engine, plant) {
  const folder = mkdtempSync(join(tmpdir(), 'sweepline-effective-'));
  symlinkSync(join(import.meta.dirname, 'shim.sh'), join(folder, engine.program));
  const config = join(folder, 'effective.yaml');
  writeFileSync(config, JSON.stringify({ effective: entryOf(engine, plant) }));
  const args = ['sweep', config, '--results-dir', join(folder, 'results'), '--json'];
  const { code, stdout } = await sweeplineShown(args, {
    ...engine.env,
    PATH: `${folder}:${engine.env['PATH'] ?? ''}`,
    SHIM_PROGRAM: engine.real,
    SHIM_ONLY: engine.only,
    SHIM_APPEND: plant.append ?? '',
    SHIM_DROP: plant.drop ?? '',
    SHIM_UNSET: plant.unset ?? '',
  });
  return { code, point: stdout === '' ? undefined : JSON.parse(stdout).results[0] };
}

/** @param {Engine} engine @param {Plant} plant */
function entryOf({ entry }, { entry: changes = {}, args = [], env = {} }) {
  const options = /** @type {Record<string, any>} */ (entry['options'] ?? {});
  const { 'extra-args': always = [] } = options;
  return { ...entry, ...changes, options: { ...options, 'extra-args': [...always, ...args], env } };
}
