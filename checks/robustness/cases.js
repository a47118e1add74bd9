// @ts-check
/**
 * Cases that are tried one after another, each once. The findings are kept in one file per part, so that the next call continues where the
 * previous one ended.
 *
 * @typedef {object} Case
 * @property {string} name
 * @property {(context: Context) => Promise<string | undefined>} run Resolves to the problem, if any.
 *
 * @typedef {object} Part
 * @property {string} name Name of its file.
 * @property {string} title Title in the table.
 * @property {string} claim What counts as survival.
 * @property {(context: Context) => Promise<readonly Case[]> | readonly Case[]} cases
 *
 * @typedef {{ folder: string, shared: Map<string, Promise<any>>, closers: (() => unknown)[] }} Context The part's folder; objects that its
 * cases share; functions to call when the part ends.
 * @typedef {{ name: string, problem: string | null }} Tried
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @param {Part} part @param {string} folder For the findings. @param {() => boolean} isStopped @returns {Promise<readonly Tried[]>} */
export async function runPart(part, folder, isStopped) {
  const file = join(folder, `${part.name}.json`);
  /** @type {Tried[]} */
  const tried = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  /** @type {Context} */
  const context = {
    folder: mkdtempSync(join(tmpdir(), `sweepline-${part.name}-`)),
    shared: new Map(),
    closers: [],
  };
  try {
    for (const one of await part.cases(context)) {
      if (isStopped()) break;
      if (tried.some(({ name }) => name === one.name)) continue;
      const problem = (await attempt(one, context)) ?? null;
      if (isStopped()) break;
      tried.push({ name: one.name, problem });
      writeFileSync(`${file}.part`, `${JSON.stringify(tried, undefined, 1)}\n`);
      renameSync(`${file}.part`, file);
      console.log(
        `${part.name}: ${problem === null ? 'ok' : 'PROBLEM'} ${one.name}${problem === null ? '' : `: ${problem}`}`,
      );
    }
  } finally {
    for (const close of context.closers.reverse()) await close();
    rmSync(context.folder, { recursive: true, force: true });
  }
  return tried;
}

/** @param {Case} one @param {Context} context */
async function attempt(one, context) {
  try {
    return await one.run(context);
  } catch (/** @type {any} */ error) {
    return `the check itself failed: ${error?.stack ?? error}`;
  }
}

/**
 * Makes an object once for all cases of a part. @template T @param {Context} context @param {string} key @param {() => Promise<T>} make
 * @returns {Promise<T>}
 */
export function shared(context, key, make) {
  const made = context.shared.get(key) ?? make();
  context.shared.set(key, made);
  return made;
}

/** @param {string} folder */
export function madeFolder(folder) {
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Pseudo-random numbers from 0 to 1 (Mulberry32). @param {number} seed */
export function dice(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
