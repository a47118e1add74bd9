// @ts-check
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli, defectOf } from '../cli.js';
import { copyOfRun } from '../workspace.js';

/** Ends a script, opens an element, adds cells and links. */
const HOSTILE =
  'x | 999999 | [click](javascript:alert(1)) </script><sw33p onload="alert(1)"> <img src=x onerror=alert(1)> `y` =1+1';
const COUNT = 67;

/** @typedef {{ file: string, path: readonly string[] }} Place Of a string. */

/** Strings of run.json and result.json, one after another. @type {import('../cases.js').Part} */
export const strings = {
  name: 'strings',
  title: 'strings of run.json and result.json filled with HTML, JavaScript and Markdown',
  claim: 'refused by the schema, or no live element, link or further table cell in the summary',
  async cases(context) {
    const run = await copyOfRun(context, 'strings');
    const point = join('points', readdirSync(join(run, 'points')).sort()[0] ?? '', 'result.json');
    const places = ['run.json', point].flatMap((file) =>
      stringsOf(JSON.parse(readFileSync(join(run, file), 'utf8'))).map((path) => ({ file, path })),
    );
    return places.slice(0, COUNT).map((place) => ({
      name: `${place.file.replace(/^.*\//, '')}: ${place.path.join('.')}`,
      run: () => fillAndReport(run, place, context.folder),
    }));
  },
};

/** @param {string} run @param {Place} place @param {string} cwd */
async function fillAndReport(run, { file, path }, cwd) {
  const original = readFileSync(join(run, file), 'utf8');
  const value = JSON.parse(original);
  const parent = path.slice(0, -1).reduce((at, key) => at[key], value);
  parent[path.at(-1) ?? ''] = HOSTILE;
  writeFileSync(join(run, file), JSON.stringify(value));
  try {
    const ended = await cli(['report', run, '--format', 'markdown'], { cwd });
    return defectOf(ended) ?? liveIn(ended.stdout);
  } finally {
    writeFileSync(join(run, file), original);
  }
}

/** @param {string} text */
function liveIn(text) {
  if (/(?<!\\)<(sw33p|img src=x)/.test(text)) return 'a live element';
  if (/(?<!\\)\[click\]\(javascript:/.test(text)) return 'a live link';
  return rowsAreEven(text) ? undefined : 'a table row with more cells than its head';
}

/** @param {string} text */
function rowsAreEven(text) {
  const cells = (/** @type {string} */ line) => line.replaceAll('\\|', '').split('|').length;
  return text.split(/\n(?!\|)/).every((block) => {
    const rows = block.split('\n').filter((line) => line.startsWith('|'));
    return rows.every((row) => cells(row) === cells(rows[0] ?? ''));
  });
}

/** @param {unknown} value @param {readonly string[]} [path] @returns {(readonly string[])[]} */
function stringsOf(value, path = []) {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => stringsOf(child, [...path, key]));
}
