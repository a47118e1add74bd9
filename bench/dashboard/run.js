// @ts-check
/**
 * What building a site costs: `node bench/dashboard/run.js FOLDER [--rows 50000] [--keep DIR]`. It makes results out of the rows of all
 * agg_bmk.json below the folder, imports them, and builds a site of them. Build first.
 */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { randomFrom } from '../../checks/random.js';
import { makeRows, realRows } from './make-rows.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rows: { type: 'string', default: '50000' }, keep: { type: 'string' } },
});
const ROWS = Number(values.rows);
/** Limits of a build of 50,000 points. */
const LIMIT = { points: 50_000, s: 10, mib: 1024, gzippedKib: 500 };
const packages = fileURLToPath(new URL('../../packages/', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'bench-dashboard-'));

/** Prints on stderr, as its last line, the most memory that the process had, KiB. */
const PEAK = `data:text/javascript,process.on('exit',()=>process.stderr.write('\\n'+process.resourceUsage().maxRSS+'\\n'))`;

try {
  const [from] = positionals;
  if (from === undefined) throw new Error('name a folder with agg_bmk.json files');
  const real = realRows(from);
  console.log(`${real.flat().length} real rows of ${real.length} runs`);
  makeWorkspace();
  makeRows(real, join(root, 'artifacts'), ROWS, randomFrom(1));
  await report(`import of ${ROWS} rows`, ['import', 'artifacts']);
  const site = values.keep === undefined ? join(root, 'site') : resolve(values.keep);
  const { s, mib } = await report(`site of ${ROWS} points`, ['dashboard', 'build', site]);
  await report('the same again', ['dashboard', 'build', site]);
  const bytes = sizeOf(site);
  console.log(`the site: ${(bytes / 2 ** 20).toFixed(0)} MiB`);
  const program = ['index.html', 'app.js', 'app.css'].filter((name) => existsSync(join(site, name)));
  const gzipped =
    program.reduce((sum, name) => sum + gzipSync(readFileSync(join(site, name))).length, 0) / 1024;
  console.log(`without data, gzipped: ${gzipped.toFixed(0)} KiB`);
  if (ROWS === LIMIT.points && (s > LIMIT.s || mib > LIMIT.mib || gzipped > LIMIT.gzippedKib)) {
    console.log(`MORE than ${LIMIT.s} s, ${LIMIT.mib} MiB of memory, or ${LIMIT.gzippedKib} KiB`);
    process.exitCode = 1;
  }
} finally {
  rmSync(root, { recursive: true });
}

function makeWorkspace() {
  mkdirSync(join(root, 'configs'));
  mkdirSync(join(root, 'results'));
  mkdirSync(join(root, 'node_modules', '@sweepline'), { recursive: true });
  for (const one of ['core', 'store', 'dashboard', 'hw-nvidia', 'hw-amd'])
    symlinkSync(join(packages, one), join(root, 'node_modules', '@sweepline', one));
  writeFileSync(join(root, 'package.json'), '{ "private": true }');
  const plugins = ['store', 'dashboard', 'hw-nvidia', 'hw-amd'].map((name) => `'@sweepline/${name}'`);
  writeFileSync(join(root, 'configs', 'sweepline.yaml'), `plugins: [${plugins.join(', ')}]\n`);
}

/** Runs a command and says what it took. @param {string} what @param {readonly string[]} args */
async function report(what, args) {
  const begin = performance.now();
  const stderr = await run(args);
  const s = (performance.now() - begin) / 1000;
  const mib = Number(stderr.trim().split('\n').at(-1)) / 1024;
  console.log(`${what}: ${s.toFixed(1)} s, ${mib.toFixed(0)} MiB of memory`);
  return { s, mib };
}

/** @param {readonly string[]} args @returns {Promise<string>} what it said on stderr */
function run(args) {
  const argv = ['--import', PEAK, join(packages, 'core', 'bin', 'sweepline.js'), ...args];
  return new Promise((done, fail) => {
    execFile(process.execPath, argv, { cwd: root, maxBuffer: 2 ** 26 }, (error, _stdout, stderr) =>
      error === null ? done(stderr) : fail(new Error(stderr, { cause: error })),
    );
  });
}

/** Bytes of a folder's files. @param {string} folder */
function sizeOf(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .filter((found) => found.isFile())
    .reduce((sum, { size }) => sum + size, 0);
}
