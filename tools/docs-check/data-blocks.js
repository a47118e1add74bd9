// @ts-check
/** JSON must parse, and YAML must be a config that Sweepline accepts. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { inspectConfigs } from '../../packages/core/dist/config/load.js';
import { messageOf } from './problems.js';

/** @typedef {import('./documents.js').Document} Document @typedef {import('./documents.js').Block} Block */
/** @typedef {import('./problems.js').Problem} Problem */

/** A problem of data sets, which documents don't contain. */
const NAMES_A_FILE = /can't read the data set .*: there is no such file$/;

/** An entry's fields, for blocks that show some of them. */
const ENTRY = {
  image: 'host',
  model: 'synthetic:17m',
  'model-prefix': 'some',
  runner: 'cpu',
  precision: 'int4',
  framework: 'llamacpp',
  multinode: false,
  'seq-len-configs': [{ isl: 64, osl: 32, 'search-space': [{ tp: 1, 'conc-list': [1] }] }],
};

/** Completes a block, by the kind of file that it is a part of. @type {Readonly<Record<string, (part: object) => object>>} */
const WHOLE = {
  entry: (part) => ({ entry: { ...ENTRY, ...part } }),
  'sweepline.yaml': (part) => ({ plugins: [], ...part }),
};

/** @param {Document} document @returns {Promise<readonly Problem[]>} */
export async function dataProblems(document) {
  const found = [];
  for (const block of document.blocks) {
    if ('skip' in block.meta) continue;
    const message = await problemOf(block);
    if (message !== undefined) found.push({ path: document.path, line: block.line, message });
  }
  return found;
}

/** @param {Block} block */
async function problemOf({ language, text, meta }) {
  try {
    if (language === 'json' && !('output' in meta)) JSON.parse(text);
    if (language === 'ndjson') for (const line of text.split('\n')) JSON.parse(line);
    return language === 'yaml' ? await yamlProblem(text, meta) : undefined;
  } catch (thrown) {
    return `${language}: ${messageOf(thrown)}`;
  }
}

/** @param {string} text @param {import('./documents.js').Meta} meta */
async function yamlProblem(text, { file, of: whole }) {
  if (whole === 'other') return void parse(text);
  if (whole === undefined && file === undefined)
    return 'state what this is: file=PATH, of=entry, of=sweepline.yaml, of=clusters.yaml or of=other';
  const complete = WHOLE[whole ?? ''];
  const name = whole === undefined ? file : whole.endsWith('.yaml') ? whole : `${whole}.yaml`;
  return configProblem(name ?? '', complete === undefined ? text : stringify(complete(parse(text))));
}

/** The kind of a file, by its name. @param {string} name @param {string} text */
async function configProblem(name, text) {
  const folder = await mkdtemp(join(tmpdir(), 'docs-check-'));
  try {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    const { problems } = await inspectConfigs([file], folder);
    const messages = problems.map(({ message }) => message).filter((message) => !NAMES_A_FILE.test(message));
    return messages.length === 0 ? undefined : messages.join('; ');
  } finally {
    await rm(folder, { recursive: true });
  }
}
