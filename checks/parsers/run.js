// @ts-check
/**
 * Passes the command lines of all plans to the engines' own argument parsers, in the versions of the plans' images. No server is started
 * and no GPU is needed.
 *
 * node checks/parsers/run.js [--engine vllm|sglang|llama|atom] [--version V] [--document FILE]
 *
 * It runs the code in dist, so build first. `--document` replaces the table in that file. Exits with 1 if a parser refuses a plan, or
 * accepts a flag that no engine has.
 */
import { parseArgs } from 'node:util';
import { circumstances, replaceBlock } from '../document.js';
import { Unavailable } from '../python.js';
import { sweepline } from '../real-vllm/sweepline.js';
import { ENGINES } from './engines.js';

/** @typedef {import('./engines.js').Case} Case */
/** @typedef {{ engine: string, version: string, options?: number, tried: number, refused: readonly string[] }} Row */

const CONFIGS = ['configs/nvidia', 'configs/amd', 'checks/parsers/llama.yaml'];
const UNKNOWN_FLAG = '--no-engine-has-this-flag';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', multiple: true, default: Object.keys(ENGINES) },
    version: { type: 'string' },
    document: { type: 'string' },
  },
});
const plans = JSON.parse(sweepline(['plan', ...CONFIGS, '--json']));
/** @type {Row[]} */
const rows = [];
/** @type {string[]} */
const problems = [];
for (const engine of values.engine) checkEngine(engine);
console.log(table());
for (const problem of problems) console.log(`problem: ${problem}`);
if (values.document !== undefined)
  await replaceBlock(values.document, 'parsers', `${circumstances()}\n\n${table()}`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** @param {string} name */
function checkEngine(name) {
  for (const [version, cases] of casesOf(name)) {
    if (values.version !== undefined && values.version !== version) continue;
    try {
      checkVersion(name, version, cases);
    } catch (thrown) {
      if (!(thrown instanceof Unavailable)) throw thrown;
      console.log(`${name} ${version} skipped: ${thrown.message}`);
    }
  }
}

/** @param {string} name @param {string} version @param {readonly Case[]} cases */
function checkVersion(name, version, cases) {
  const planted = cases.flatMap(withUnknownFlag);
  const { options, refusals } = engineOf(name).ask(version, [...cases, ...planted]);
  const refused = refusals.slice(0, cases.length).filter((said) => said !== null);
  rows.push({
    engine: name,
    version,
    ...(options !== undefined && { options }),
    tried: cases.length,
    refused,
  });
  problems.push(...refused.map((said) => `${name} ${version} refuses a plan: ${said}`));
  if (!refusals.slice(cases.length).every((said) => said?.includes(UNKNOWN_FLAG)))
    problems.push(`${name} ${version} accepts ${UNKNOWN_FLAG}: its parser was not used`);
}

/** An unknown flag as an argument, and as a key of config files that are read as arguments. @param {Case} one @returns {Case[]} */
function withUnknownFlag({ args, files }) {
  const configs = Object.entries(files).map(
    ([name, text]) => /** @type {const} */ ([name, `${text}\n${UNKNOWN_FLAG.slice(2)}: 1\n`]),
  );
  const inFile = configs.length === 0 ? [] : [{ args, files: Object.fromEntries(configs) }];
  return [{ args: [...args, UNKNOWN_FLAG], files }, ...inFile];
}

/** The distinct command lines of an engine by version, in the order of versions. @param {string} name */
function casesOf(name) {
  const { words, image } = engineOf(name);
  /** @type {Map<string, Map<string, Case>>} */
  const found = new Map();
  for (const plan of plans) {
    const version = image.exec(plan.job.image)?.[1];
    if (version === undefined) continue;
    for (const { argv, files } of plan.processes ?? []) {
      const at = indexAfter(argv, words);
      if (at === undefined) continue;
      const one = { args: argv.slice(at), files };
      found.set(version, (found.get(version) ?? new Map()).set(JSON.stringify(one), one));
    }
  }
  if (found.size === 0) throw new Error(`no plan starts ${words.join(' ')}`);
  return [...found]
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([version, cases]) => /** @type {const} */ ([version, [...cases.values()]]));
}

/** @param {readonly string[]} argv @param {readonly string[]} words */
function indexAfter(argv, words) {
  const at = argv.findIndex((_, index) => words.every((word, offset) => argv[index + offset] === word));
  return at === -1 ? undefined : at + words.length;
}

/** @param {string} name */
function engineOf(name) {
  const engine = ENGINES[name];
  if (engine !== undefined) return engine;
  throw new Error(`there is no engine ${name}; engines: ${Object.keys(ENGINES).join(', ')}`);
}

function table() {
  const lines = rows.map(({ engine, version, options = '', tried, refused }) =>
    ['', engine, version, options, tried, tried - refused.length, refused.join('; '), ''].join(' | ').trim(),
  );
  return [
    '| engine | version | options of its parser | command lines | accepted | refused |',
    '| --- | --- | --: | --: | --: | --- |',
    ...lines,
  ].join('\n');
}
