// @ts-check
import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from '../../checks/docker/context.js';
import { makeTestWorkspace } from '@sweepline/core/testing';

const BIN = join(REPOSITORY, 'packages/core/bin/sweepline.js');
const LOAD = [process.execPath, BIN, 'load'];
/** Requests per second of the first point, and seconds: as little load as there can be. */
const FIRST_RATE = 50;
const DURATION_S = 0.1;

/**
 * The same points, measured by Sweepline and by hand.
 * @typedef {object} Subject
 * @property {(isShared: boolean) => Promise<{ pointsS: number, onceS: number }>} sweep seconds of its points, and of the command around them
 * @property {(isShared: boolean) => Promise<number>} byHand seconds
 * @property {() => Promise<void>} close
 */

/** @param {import('./beds.js').Bed} bed @param {number} points @returns {Promise<Subject>} */
export async function makeSubject(bed, points) {
  const workspace = await makeTestWorkspace({ packages: packagesFor(bed), files: configsFor(bed, points) });
  const { root } = workspace;
  const plan = await planOf(bed, root);
  await sweep(root, false);
  const specs = specsOf(root);
  const loadOf = (/** @type {string} */ spec) => [...LOAD, spec];
  /** @param {readonly string[]} loads on one server */
  const session = async (loads) => {
    const folder = bed.folder();
    const { load, end } = await bed.begin({ ...plan, folder });
    for (const [index, spec] of loads.entries()) {
      const file = join(folder, `load-${index}.json`);
      writeFileSync(file, toHand(spec, plan.baseUrl, join(folder, `records-${index}.jsonl`)));
      await load(loadOf(file));
    }
    await end();
  };
  return {
    async sweep(isShared) {
      const allS = await timed(() => sweep(root, isShared));
      const { startedAt, finishedAt } = JSON.parse(readFileSync(join(newestRun(root), 'run.json'), 'utf8'));
      const pointsS = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
      return { pointsS, onceS: allS - pointsS };
    },
    byHand: (isShared) =>
      timed(async () => {
        for (const loads of isShared ? [specs] : specs.map((spec) => [spec])) await session(loads);
      }),
    close: async () => workspace[Symbol.asyncDispose](),
  };
}

/** @param {import('./beds.js').Bed} bed */
function packagesFor({ launcher }) {
  const names = ['plugin-llamacpp', 'hw-cpu', ...(launcher === 'local' ? [] : [`launcher-${launcher}`])];
  return Object.fromEntries(names.map((name) => [`@sweepline/${name}`, join(REPOSITORY, 'packages', name)]));
}

/** Points differ in their rate alone, so that they can share a server. @param {import('./beds.js').Bed} bed @param {number} points */
function configsFor({ launcher, image, cluster }, points) {
  const rate = Array.from({ length: points }, (_, index) => FIRST_RATE + index);
  const load = { arrival: { pattern: 'constant', rate }, duration: DURATION_S };
  const tiny = {
    ...{ image, model: 'synthetic:tiny', 'model-prefix': 'tiny', precision: 'int4', framework: 'llamacpp' },
    ...{ runner: 'cpu', multinode: false },
    'seq-len-configs': [{ isl: 16, osl: 8, load, 'search-space': [{ tp: 1, 'conc-list': [4] }] }],
  };
  const bed = { sku: 'cpu', runners: ['cpu'], launcher, ...cluster };
  return {
    'configs/tiny.yaml': JSON.stringify({ tiny }),
    ...(launcher !== 'local' && {
      'configs/clusters.yaml': JSON.stringify({ bed }),
      'configs/runners.yaml': JSON.stringify({ cpu: ['bed_0'] }),
    }),
  };
}

/** @param {import('./beds.js').Bed} bed @param {string} root */
async function planOf({ launcher }, root) {
  const node = launcher === 'local' ? [] : ['--node', 'bed_0'];
  const argv = [BIN, 'plan', 'configs/tiny.yaml', '--json', ...node];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: root });
  const [{ processes, launch = [], endpoint }] = JSON.parse(stdout);
  return {
    server: processes[0],
    launch,
    baseUrl: endpoint.baseUrl.replace('{host:server:0}', '127.0.0.1'),
  };
}

/** @param {string} root @param {boolean} isShared */
async function sweep(root, isShared) {
  const argv = [BIN, 'sweep', 'configs/tiny.yaml', '--allow-invalid', '--quiet'];
  const child = spawn(process.execPath, [...argv, ...(isShared ? ['--reuse-server'] : [])], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (said += piece));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the sweep ended with ${code}: ${said}`);
}

/** What the load process of each point was given. @param {string} root @returns {string[]} */
function specsOf(root) {
  const points = join(newestRun(root), 'points');
  return readdirSync(points).map((name) => readFileSync(join(points, name, 'load.json'), 'utf8'));
}

/** @param {string} root */
function newestRun(root) {
  const results = join(root, 'results');
  return join(results, readdirSync(results).sort().at(-1) ?? '');
}

/** The same load of another server. @param {string} text @param {string} baseUrl @param {string} file for its records */
function toHand(text, baseUrl, file) {
  const spec = JSON.parse(text);
  return JSON.stringify({
    ...spec,
    endpoint: { ...spec.endpoint, baseUrl },
    output: { ...spec.output, recordsFile: file },
  });
}

/** @param {() => Promise<unknown>} work @returns {Promise<number>} seconds */
async function timed(work) {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}
