// @ts-check
/**
 * Reads a folder of artifacts as the ingest of InferenceX's dashboard does, and says what it would get wrong. Written from what that is
 * known to do: packages/db/src/ingest-ci-run.ts and etl/*.ts of InferenceX-app at 77ca49a.
 *
 * node checks/artifacts/contract.js FOLDER
 *
 * Prints what is read, as JSON. Exits with 1 if anything would be skipped or misread.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {Record<string, unknown>} Row */
/** @typedef {{ file: string, hardware: string, model: string, gpus: readonly [number, number], row: Row, log: boolean }} Benchmark */
/** @typedef {{ benchmarks: Benchmark[], evals: Row[], stats: Record<string, Row>, changelogs: unknown[], problems: string[] }} Ingested */

const GPUS = 'h100 h200 b200 b300 gb200 gb300 mi300x mi325x mi355x'.split(' ');
const STRIPPED =
  '-trt -multinode-slurm -multinode -nvs -disagg -amds -amd -nvd -dgxc-slurm -dgxc -nb -nv'.split(' ');
const MODELS = 'dsr1 gptoss120b llama70b qwen3.5 kimik2.5 minimaxm2.5 glm5'.split(' ');
const PRECISIONS = 'fp4 fp8 bf16 int4 nvfp4 mxfp4'.split(' ');
/** Drawn as 0 where they are missing. */
const CHARTED = [
  ...['tput_per_gpu', 'output_tput_per_gpu', 'input_tput_per_gpu'],
  ...['median_intvty', 'median_e2el', 'median_ttft', 'p99_ttft'],
];
/** Not stored as metrics. */
const CONFIG = new Set([
  ...['hw', 'model', 'framework', 'precision', 'infmax_model_prefix', 'isl', 'osl', 'conc', 'image'],
  ...[
    'disagg',
    'is_multinode',
    'spec_decoding',
    'tp',
    'ep',
    'dp_attention',
    'num_prefill_gpu',
    'num_decode_gpu',
  ],
  ...['prefill', 'decode'].flatMap((role) =>
    ['tp', 'ep', 'dp_attention', 'num_workers'].map((size) => `${role}_${size}`),
  ),
]);
/** Of these, what decides none of a row's place. */
const NAMES = new Set(['hw', 'model', 'infmax_model_prefix', 'image']);
const MOST = 32_767;

/** @param {string} folder @returns {Ingested} */
export function ingest(folder) {
  /** @type {Ingested} */
  const ingested = { benchmarks: [], evals: [], stats: {}, changelogs: [], problems: [] };
  const artifacts = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory());
  /** @type {Map<string, { text: string, file: string }>} */
  const keys = new Map();
  for (const artifact of artifacts.filter((name) => /^(bmk|results)_/.test(name)))
    for (const [file, content] of jsonIn(join(folder, artifact), ingested))
      for (const row of Array.isArray(content) ? content : [content])
        readBenchmark(ingested, keys, folder, artifact, file, row);
  for (const [file, content] of jsonIn(join(folder, 'run-stats'), ingested))
    readStats(ingested, file, content);
  for (const [file, content] of jsonIn(join(folder, 'eval_results_all'), ingested)) {
    if (!Array.isArray(content)) ingested.problems.push(`${file}: not an array, and not read`);
    else for (const row of content) readEval(ingested, file, row);
  }
  for (const [file, content] of jsonIn(join(folder, 'changelog-metadata'), ingested))
    readChangelog(ingested, file, content);
  const rowsIn = (/** @type {RegExp} */ of) =>
    ingested.benchmarks
      .filter(({ file }) => of.test(file))
      .map(({ row }) => JSON.stringify(row))
      .sort();
  const [single, together] = [rowsIn(/(^|\/)bmk_/), rowsIn(/(^|\/)results_bmk\//)];
  if (JSON.stringify(single) !== JSON.stringify(together))
    ingested.problems.push('results_bmk has not the same rows as bmk_*');
  for (const name of artifacts)
    if (!/^(bmk_.+|server_logs_.+|results_bmk|run-stats|eval_results_all|changelog-metadata)$/.test(name))
      ingested.problems.push(`${name}: not an artifact`);
  return ingested;
}

/** @param {string} folder @param {Ingested} ingested @returns {[string, any][]} */
function jsonIn(folder, { problems }) {
  if (!existsSync(folder)) return [];
  /** @type {[string, any][]} */
  const found = [];
  for (const name of readdirSync(folder)) {
    const file = `${basename(folder)}/${name}`;
    if (!name.endsWith('.json')) problems.push(`${file}: not read, as it is no .json`);
    else
      try {
        found.push([file, JSON.parse(readFileSync(join(folder, name), 'utf8'))]);
      } catch (error) {
        problems.push(`${file}: ${String(error)}`);
      }
  }
  return found;
}

/**
 * @param {Ingested} ingested @param {Map<string, { text: string, file: string }>} keys @param {string} folder @param {string} artifact
 * @param {string} file @param {Row} row
 */
function readBenchmark({ benchmarks, problems }, keys, folder, artifact, file, row) {
  const say = (/** @type {string} */ what) => problems.push(`${file}: ${what}`);
  const hardware = gpuOf(row['hw'], say);
  const model = modelOf(row, say);
  for (const key of ['isl', 'osl', 'conc']) if (!(toInteger(row[key]) > 0)) say(`skipped: ${key}`);
  checkNames(row, say);
  const { sizes, gpus } = sizesOf(row, say);
  if (sizes.some((size) => !(size >= 1 && size <= MOST)))
    say(`refused by the database: sizes ${sizes.join(', ')}`);
  for (const key of CHARTED) if (typeof row[key] !== 'number') say(`drawn as 0: ${key}`);
  for (const [key, value] of Object.entries(row))
    if (!CONFIG.has(key) && typeof value !== 'number' && isStored(value)) say(`stored as a number: ${key}`);
  const measured = Object.entries(row).filter(([key]) => CONFIG.has(key) && !NAMES.has(key));
  const key = JSON.stringify([hardware, model, ...measured.sort()]);
  const text = JSON.stringify(row);
  const other = keys.get(key);
  if (other !== undefined && other.text !== text) say(`takes the place of a row of ${other.file}`);
  keys.set(key, { text, file });
  const log = existsSync(join(folder, artifact.replace(/^bmk_/, 'server_logs_'), 'server.log'));
  benchmarks.push({ file, hardware, model, gpus, row, log: artifact.startsWith('bmk_') && log });
}

/** @param {Row} row @param {(what: string) => void} say */
function checkNames(row, say) {
  const lower = (/** @type {string} */ key) => String(row[key] ?? '').toLowerCase();
  if (lower('framework') === '') say('framework is empty');
  if (lower('framework') === 'sglang-disagg' && !isTrue(row['disagg'])) say('taken for disaggregated');
  if (!PRECISIONS.includes(lower('precision'))) say(`unknown precision ${lower('precision')}`);
  if (!['none', 'mtp'].includes(lower('spec_decoding')))
    say(`unknown spec_decoding ${lower('spec_decoding')}`);
  const flags = Object.keys(row).filter((key) => /dp_attention$|^disagg$|^is_multinode$/.test(key));
  for (const key of [...flags, 'disagg', 'is_multinode'])
    if (!/^(true|false|True|False)$/.test(String(row[key]))) say(`read as false: ${key}`);
}

/** @param {Row} row @param {(what: string) => void} say @returns {{ sizes: number[], gpus: [number, number] }} */
function sizesOf(row, say) {
  const isSplit = 'prefill_tp' in row;
  if (isSplit !== isTrue(row['is_multinode'])) say('summarize.py and the dashboard read other sizes');
  for (const key of Object.keys(row))
    if (/(^|_)(pp|dcp_size|pcp_size)$/.test(key) && row[key] !== 1) say(`taken for 1: ${key}`);
  if (!isSplit) {
    for (const key of ['tp', 'ep', 'dp_attention']) if (!(key in row)) say(`guessed: ${key}`);
    const [tp, ep] = [toInteger(row['tp']), toInteger(row['ep'])];
    return { sizes: [tp, ep, tp * ep], gpus: [tp * ep, tp * ep] };
  }
  const keys = ['prefill_tp', 'prefill_ep', 'decode_tp', 'decode_ep', 'num_prefill_gpu', 'num_decode_gpu'];
  for (const key of [
    ...keys,
    'prefill_num_workers',
    'decode_num_workers',
    'prefill_dp_attention',
    'decode_dp_attention',
  ])
    if (!(key in row)) say(`guessed: ${key}`);
  const sizes = keys.map((key) => toInteger(row[key]));
  return { sizes, gpus: [sizes[4] ?? NaN, sizes[5] ?? NaN] };
}

/** @param {Ingested} ingested @param {string} file @param {unknown} content */
function readStats({ stats, problems }, file, content) {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    problems.push(`${file}: no object`);
    return;
  }
  for (const [gpu, value] of Object.entries(content)) {
    const { n_success: succeeded, total } = value;
    if (!GPUS.includes(gpu)) problems.push(`${file}: ignored: ${gpu}`);
    if (!Number.isInteger(succeeded) || !Number.isInteger(total) || succeeded < 0 || succeeded > total)
      problems.push(`${file}: no counts: ${gpu}`);
    stats[gpu] = value;
  }
}

/** @param {Ingested} ingested @param {string} file @param {any} content */
function readChangelog({ benchmarks, changelogs, problems }, file, content) {
  const say = (/** @type {string} */ what) => problems.push(`${file}: ${what}`);
  const isText = (/** @type {unknown} */ value) => typeof value === 'string' && value !== '';
  if (!isText(content?.base_ref) || !isText(content?.head_ref)) say('no commits');
  if (!Array.isArray(content?.entries) || content.entries.length === 0) {
    say('no entries');
    return;
  }
  for (const entry of content.entries) {
    const { 'config-keys': keys, description, 'pr-link': link, 'evals-only': isEvalsOnly } = entry;
    if (!Array.isArray(keys) || keys.length === 0) say('an entry without keys');
    else for (const key of keys) checkKey(key, say);
    const lines = Array.isArray(description) ? description : [description];
    if (!lines.every((line) => typeof line === 'string')) say('a description that is no text');
    if (link !== undefined && typeof link !== 'string') say('a link that is no text');
    if (isEvalsOnly !== undefined && typeof isEvalsOnly !== 'boolean') say('evals-only is no flag');
    if (isEvalsOnly === true && benchmarks.length > 0) say('all benchmarks are skipped: evals-only');
  }
  if (/[^\w.-]\/(?:home|Users|root)\//.test(JSON.stringify(content))) say('a path of a machine');
  changelogs.push(content);
}

/** The dashboard splits keys: {prefix}-{precision}-{gpu}-{framework}[-mtp]. @param {unknown} key @param {(what: string) => void} say */
function checkKey(key, say) {
  const [prefix = '', precision = '', gpu = '', framework = ''] = String(key).split('-');
  const isKnown = [...MODELS, 'gptoss'].includes(prefix) && PRECISIONS.slice(0, 4).includes(precision);
  if (!isKnown || !GPUS.includes(gpu) || framework === '') say(`shown nowhere: ${String(key)}`);
}

/** @param {Ingested} ingested @param {string} file @param {Row} row */
function readEval({ evals, problems }, file, row) {
  const say = (/** @type {string} */ what) => problems.push(`${file}: ${what}`);
  gpuOf(row['hw'], say);
  modelOf(row, say);
  checkNames({ ...row, disagg: row['disagg'] ?? false, is_multinode: false }, say);
  if (typeof row['task'] !== 'string' || row['task'] === '') say('skipped: no task');
  if (!/[_-]\d+k\d+k[_.-]/i.test(String(row['source'] ?? '')))
    say('no lengths: read again, it is there twice');
  for (const key of ['tp', 'ep', 'conc']) if (!(toInteger(row[key]) > 0)) say(`guessed: ${key}`);
  if (typeof row['em_strict'] !== 'number' && typeof row['score'] !== 'number') say('no score');
  evals.push(row);
}

/** @param {unknown} hw @param {(what: string) => void} say */
function gpuOf(hw, say) {
  let name = String(hw ?? '')
    .toLowerCase()
    .replace(/_\d+$/, '');
  for (const end of STRIPPED) if (name.endsWith(end)) name = name.slice(0, -end.length);
  if (!GPUS.includes(name)) say(`skipped: hardware ${String(hw)}`);
  return name;
}

/** @param {Row} row @param {(what: string) => void} say */
function modelOf(row, say) {
  const prefix = String(row['infmax_model_prefix'] ?? row['model_prefix'] ?? '').toLowerCase();
  const name = prefix.replace(/-(?:mx|nv)?fp[48].*$/, '');
  const model = name === 'gptoss' ? 'gptoss120b' : name;
  if (!MODELS.includes(model)) say(`skipped: model ${prefix}`);
  return model;
}

/** @param {unknown} value */
function isStored(value) {
  if (value === null || value === undefined) return false;
  return !Number.isNaN(typeof value === 'string' ? parseFloat(value) : Number(value));
}

/** @param {unknown} value */
function isTrue(value) {
  return value === true || value === 'true' || value === 'True';
}

/** @param {unknown} value */
function toInteger(value) {
  return typeof value === 'string' ? parseInt(value, 10) : Math.round(Number(value ?? NaN));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , folder = '.'] = process.argv;
  const ingested = ingest(folder);
  console.log(JSON.stringify(ingested, undefined, 2));
  process.exitCode = ingested.problems.length === 0 ? 0 : 1;
}
