// @ts-check
/**
 * What the index costs: `node bench/store/run.js [--rows 100000]`. It makes folders of runs, and a dump of InferenceX's dashboard, with
 * numbers by chance, and runs the command on them. Build first.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ask } from '../../packages/store/dist/index/ask.js';
import { openToRead } from '../../packages/store/dist/index/database.js';
import { randomFrom } from '../../checks/random.js';
import { makeDump, makeRun } from './folders.js';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000' } } });
const ROWS = Number(values.rows);
/** Points of a run. */
const PER_RUN = 500;
const packages = fileURLToPath(new URL('../../packages/', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'bench-store-'));
const random = randomFrom(1);

/** Prints on stderr, as its last line, the most memory that the process had, KiB. */
const PEAK = `data:text/javascript,process.on('exit',()=>process.stderr.write('\\n'+process.resourceUsage().maxRSS+'\\n'))`;

try {
  const fromFolders = makeWorkspace('folders');
  const runs = Math.ceil(ROWS / PER_RUN);
  for (let index = 0; index < runs; index += 1) makeRun(fromFolders, index, PER_RUN, random);
  await report(`index of ${runs * PER_RUN} rows in ${runs} folders`, fromFolders, ['index']);
  await report('nothing new', fromFolders, ['index']);
  makeRun(fromFolders, runs, PER_RUN, random);
  await report(`one more run of ${PER_RUN}`, fromFolders, ['index']);
  await reportQueries(join(fromFolders, 'results', 'index.duckdb'));
  await report('the command results, filtered', fromFolders, [
    'results',
    'sku=b200',
    'conc>=64',
    '--limit',
    '50',
  ]);
  console.log(
    `index.duckdb: ${(statSync(join(fromFolders, 'results', 'index.duckdb')).size / 2 ** 20).toFixed(0)} MiB`,
  );

  const fromDump = makeWorkspace('dump');
  makeDump(join(fromDump, 'dump'), ROWS, random);
  await report(`import of a dump of ${ROWS} rows`, fromDump, ['import', 'dump']);
} finally {
  rmSync(root, { recursive: true });
}

function QUERIES() {
  return {
    'best per hardware':
      'SELECT sku, framework, max(tput_per_gpu) FROM results WHERE is_valid GROUP BY ALL ORDER BY 3 DESC',
    'a front':
      "SELECT conc, median_intvty, tput_per_gpu FROM results WHERE sku = 'b200' AND run = 'run-000003' ORDER BY median_intvty",
    'history of a series':
      'SELECT run, tput_per_gpu FROM results WHERE series = (SELECT min(series) FROM results) ORDER BY run',
    'spread of repeats':
      'SELECT sku, median(s) FROM (SELECT series, sku, stddev(tput_per_gpu) / avg(tput_per_gpu) AS s FROM results GROUP BY ALL HAVING count(*) > 1) GROUP BY ALL',
    'marks by hardware':
      'SELECT sku, code, count(*) FROM results JOIN marks USING (source, run, point) GROUP BY ALL ORDER BY 3 DESC',
  };
}

/** Without the start of the program. @param {string} file */
async function reportQueries(file) {
  const index = await openToRead(file);
  for (const [name, sql] of Object.entries(QUERIES())) {
    const begin = performance.now();
    const { rows } = await ask(index.connection, sql, [], new AbortController().signal);
    console.log(`query, ${name}: ${(performance.now() - begin).toFixed(0)} ms, ${rows.length} rows`);
  }
  index[Symbol.dispose]();
}

/** @param {string} name */
function makeWorkspace(name) {
  const folder = join(root, name);
  mkdirSync(join(folder, 'configs'), { recursive: true });
  mkdirSync(join(folder, 'results'));
  mkdirSync(join(folder, 'node_modules', '@sweepline'), { recursive: true });
  for (const one of ['core', 'store'])
    symlinkSync(join(packages, one), join(folder, 'node_modules', '@sweepline', one));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  writeFileSync(join(folder, 'configs', 'sweepline.yaml'), "plugins: ['@sweepline/store']\n");
  return folder;
}

/** Seconds and the most memory of a command. @param {string} what @param {string} cwd @param {readonly string[]} args */
async function report(what, cwd, args) {
  const begin = performance.now();
  const peak = await run(cwd, args);
  const seconds = (performance.now() - begin) / 1000;
  console.log(`${what}: ${seconds.toFixed(2)} s, ${Math.round(peak / 1024)} MiB at most`);
}

/** @param {string} cwd @param {readonly string[]} args @returns {Promise<number>} KiB */
function run(cwd, args) {
  const bin = join(packages, 'core', 'bin', 'sweepline.js');
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ['--import', PEAK, bin, ...args],
      { cwd, maxBuffer: 2 ** 28 },
      (error, _stdout, stderr) => {
        if (error) reject(new Error(stderr, { cause: error }));
        else resolve(Number(stderr.trimEnd().split('\n').at(-1)));
      },
    );
  });
}
