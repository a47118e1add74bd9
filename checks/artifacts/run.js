// @ts-check
/**
 * Exports results as artifacts of InferenceX, and lets InferenceX's own scripts and a reader of the dashboard's contract read them:
 * a run with failures, MTP, disaggregated and multi-node points; rows that InferenceX's process_result.py wrote (conformance/results);
 * and InferenceX's public results, whose numbers must come out as they went in.
 *
 * node checks/artifacts/run.js [--inferencex REPOSITORY] [--conformance FOLDER]
 *
 * It runs the code in dist, so build first. Exits with 1 if a reader refuses or misreads an artifact.
 */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Unavailable } from '../python.js';
import { ROOT, sweepline } from '../real-vllm/sweepline.js';
import { ingest } from './contract.js';
import { ROWS, WITHOUT_ROW, write, writeFixture } from './fixture.js';
import { originals } from './originals.js';

/** @typedef {import('./fixture.js').Row} Row */

const { values } = parseArgs({
  options: {
    inferencex: { type: 'string', default: process.env['INFERENCEX_REPOSITORY'] },
    conformance: {
      type: 'string',
      default: process.env['SWEEPLINE_CONFORMANCE'] ?? join(ROOT, '../shared/conformance'),
    },
  },
});
/** @type {string[]} */
const problems = [];
const folder = mkdtempSync(join(tmpdir(), 'sweepline-artifacts-'));
try {
  const scripts = scriptsOrNone();
  for (const [name, fill] of Object.entries({ fixture, recorded, published })) check(name, fill, scripts);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) console.log(`problem: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;

function scriptsOrNone() {
  try {
    return originals(values.inferencex, join(folder, 'scripts'));
  } catch (thrown) {
    if (!(thrown instanceof Unavailable)) throw thrown;
    console.log(`without InferenceX's scripts: ${thrown.message}`);
    return undefined;
  }
}

/**
 * Fills the results of a workspace, and returns the rows that it holds by run, or why it can't.
 * @typedef {(workspace: string) => Map<string, readonly Row[]> | string} Fill
 * @param {string} name @param {Fill} fill @param {import('./originals.js').Originals | undefined} scripts
 */
function check(name, fill, scripts) {
  const workspace = join(folder, name);
  for (const [link, target] of Object.entries({ core: 'packages/core', store: 'packages/store' })) {
    mkdirSync(join(workspace, 'node_modules/@sweepline'), { recursive: true });
    symlinkSync(join(ROOT, target), join(workspace, 'node_modules/@sweepline', link));
  }
  mkdirSync(join(workspace, 'configs'));
  writeFileSync(join(workspace, 'configs/sweepline.yaml'), "plugins: ['@sweepline/store']\n");
  const sources = fill(workspace);
  if (typeof sources === 'string') return console.log(`${name} skipped: ${sources}`);
  sweepline(['export', 'inferencex', 'out'], { cwd: workspace });
  const out = join(workspace, 'out');
  const { heldBack } = readJson(join(out, 'held-back.json'));
  const folders = existsSync(join(out, 'results_bmk'))
    ? [out]
    : readdirSync(out).map((one) => join(out, one));
  let rows = 0;
  for (const run of folders.filter((one) => statSync(one).isDirectory()))
    rows += checkRun(name, run, sources, scripts);
  const reasons = tally(
    heldBack.flatMap((/** @type {{ kind: string, remarks: string[] }} */ one) =>
      one.remarks.map((remark) => `${one.kind}: ${remark}`),
    ),
  );
  console.log(`${name}: ${rows} rows of ${folders.length} runs exported, ${heldBack.length} held back`);
  for (const [reason, count] of reasons) console.log(`  ${count} × ${reason}`);
  const held = heldBack.filter((/** @type {{ kind: string }} */ { kind }) => kind === 'result').length;
  const all = [...sources.values()].flat().length;
  if (rows + held !== all)
    problems.push(`${name}: ${rows} rows and ${held} held back are not the ${all} that there were`);
}

/** @param {string} name @param {string} run @param {Map<string, readonly Row[]>} sources @param {import('./originals.js').Originals | undefined} scripts */
function checkRun(name, run, sources, scripts) {
  const say = (/** @type {string} */ what) => problems.push(`${name}: ${run.split('/').at(-1)}: ${what}`);
  const read = ingest(run);
  for (const problem of read.problems) say(problem);
  const file = join(run, 'results_bmk/agg_bmk.json');
  /** @type {readonly Row[]} */
  const rows = existsSync(file) ? readJson(file) : [];
  const originalsOf = [...sources]
    .filter(([of]) => of === run.split('/').at(-1) || sources.size === 1)
    .flatMap(([, all]) => all);
  for (const row of rows)
    if (!originalsOf.some((one) => isSame(one, row)))
      say(`no original has the numbers of ${JSON.stringify(row)}`);
  if (scripts === undefined || rows.length === 0) return rows.length;
  // As the workflow downloads them.
  const results = join(folder, `results-${Math.random()}`);
  for (const artifact of readdirSync(run).filter((one) => one.startsWith('bmk_')))
    cpSync(join(run, artifact), join(results, artifact), { recursive: true });
  for (const time of /** @type {const} */ (['2026-02', '2026-07', '2026-08'])) {
    scripts.run(time, 'collect_results.py', [results, 'bmk'], folder);
    const collected = readJson(join(folder, 'agg_bmk.json'));
    if (texts(collected) !== texts(rows)) say(`collect_results.py of ${time} collects other rows`);
  }
  for (const time of /** @type {const} */ (['2026-02', '2026-07']))
    for (const from of [results, run]) {
      const lines = scripts
        .run(time, 'summarize.py', [from], folder)
        .split('\n')
        .filter((line) => /^\| (?!Model)/.test(line));
      if (lines.length !== rows.length)
        say(`summarize.py of ${time} lists ${lines.length} rows of ${rows.length}`);
    }
  if (existsSync(join(run, 'run-stats'))) {
    const said = scripts.run(
      '2026-08',
      'validate_reusable_sweep_artifacts.py',
      ['--artifacts-dir', run],
      folder,
    );
    if (!said.includes(`validated: ${rows.length} fixed-sequence`)) say(said.trim());
  }
  rmSync(results, { recursive: true });
  return rows.length;
}

/** Whether a row has the numbers of another, and no others. @param {Row} one @param {Row} row */
function isSame(one, row) {
  const numbers = (/** @type {Row} */ of) =>
    JSON.stringify(
      Object.entries(of)
        .filter(([, value]) => typeof value === 'number')
        .sort(),
    );
  return numbers(one) === numbers(row);
}

/** @type {Fill} */
function fixture(workspace) {
  writeFixture(join(workspace, 'results/fixture'));
  return new Map([['fixture', [...Object.values(ROWS), ...Object.values(WITHOUT_ROW).map(() => ({}))]]]);
}

/** Rows that process_result.py wrote, each of a run of its own. @type {Fill} */
function recorded(workspace) {
  const golden = join(values.conformance, 'results/golden/results');
  if (!existsSync(golden)) return `no recordings in ${values.conformance}`;
  const rows = readdirSync(golden)
    .filter((name) => name.endsWith('.agg.json'))
    .map((name) => readRecorded(join(golden, name)));
  rows.forEach((row, index) => write(join(workspace, `runs/run_${index}/bmk_x/agg_x.json`), row));
  sweepline(['import', 'runs'], { cwd: workspace });
  return new Map(rows.map((row, index) => [`run_${index}`, [row]]));
}

/** InferenceX's public results. @type {Fill} */
function published(workspace) {
  const data = join(values.conformance, '../data/public-results');
  if (!existsSync(data)) return `no public results in ${resolve(data)}`;
  sweepline(['import', data], { cwd: workspace });
  /** @type {Map<string, Row[]>} */
  const sources = new Map();
  const add = (/** @type {string} */ run, /** @type {Row} */ row) =>
    sources.set(run, [...(sources.get(run) ?? []), row]);
  for (const run of readdirSync(join(data, 'runs')))
    for (const row of readJson(join(data, 'runs', run, 'agg_bmk.json'))) add(run, row);
  for (const row of readJson(join(data, 'app-api/benchmarks.json'))) {
    const { metrics, isl, osl, conc, disagg, is_multinode: isMultinode } = row;
    const sizes = Object.entries(row).filter(([key]) => /^(num_)?(prefill|decode)_/.test(key));
    const own =
      disagg || isMultinode ? Object.fromEntries(sizes) : { tp: row.prefill_tp, ep: row.prefill_ep };
    add(`run_${/runs\/(\d+)/.exec(row.run_url)?.[1] ?? ''}`, { ...metrics, isl, osl, conc, ...own });
  }
  return sources;
}

/** What Python's json writes for numbers that JSON doesn't have is missing. @param {string} file */
function readRecorded(file) {
  return JSON.parse(readFileSync(file, 'utf8').replaceAll(/\b(?:NaN|-?Infinity)\b/g, 'null'));
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** @param {readonly Row[]} rows */
function texts(rows) {
  return JSON.stringify(rows.map((row) => JSON.stringify(row)).sort());
}

/** @param {readonly string[]} all @returns {[string, number][]} The most frequent first. */
function tally(all) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}
