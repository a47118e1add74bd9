// @ts-check
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeTestWorkspace } from '@sweepline/core/testing';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const BIN = `${REPOSITORY}/packages/core/bin/sweepline.js`;
/** Stand-ins for the vendors' programs, to be found on PATH. */
export const PROGRAMS = fileURLToPath(new URL('programs', import.meta.url));
export const SKUS = { nvidia: 'h200', amd: 'mi355x' };

/**
 * @typedef {import('./faults.js').Fault} Fault
 * @typedef {{ node: string, device: number, unixMs: number, powerW?: number, energyJ?: number }} Sample
 * @typedef {{ node: string, device: number, role: string, energyJ?: number, counterJ?: number, integralJ?: number }} Device
 * @typedef {{ valid: boolean, source?: string, counterSource?: string, reasons: readonly { code: string, message: string }[], devices: readonly Device[] }} Energy
 *
 * @typedef {object} Point
 * @property {keyof SKUS} vendor
 * @property {'local' | 'docker' | 'slurm'} launcher
 * @property {string} [image] default: it is run on the host
 * @property {number} [devices] of each role; default 2
 * @property {Record<string, unknown>} [cluster] keys of the cluster in clusters.yaml
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [folder] for files that all nodes have to see
 *
 * @typedef {object} Outcome
 * @property {import('@sweepline/core').Result} result
 * @property {Energy} energy
 * @property {readonly Sample[]} samples
 * @property {number} outputTokens
 * @property {Readonly<Record<string, { visible: Record<string, string>, files: readonly string[] }>>} sees by role: what its process sees of GPUs
 */

/** A sweep of one point on GPUs that are stood in for. @param {Point} point @param {Fault} [fault] @returns {Promise<Outcome>} */
export async function sweepGpus(point, fault) {
  const faults = await mkdtemp(join(point.folder ?? tmpdir(), 'sweepline-gpus-'));
  const workspace = await makeWorkspace(point);
  try {
    const plant = () => writeFile(join(faults, fault?.file ?? ''), `${fault?.says ?? ''}\n`);
    if (fault !== undefined && fault.fromMs === undefined) await plant();
    const { ended, loading } = startSweep(workspace.root, faults, point.env);
    if (fault?.fromMs !== undefined) {
      await Promise.race([loading, ended]);
      await delay(fault.fromMs);
      await plant();
      if (fault.forMs !== undefined) {
        await delay(fault.forMs);
        await rm(join(faults, fault.file));
      }
    }
    return await outcomeOf(workspace, await ended);
  } finally {
    await workspace[Symbol.asyncDispose]();
    await rm(faults, { recursive: true });
  }
}

/** @param {Point} point */
function makeWorkspace({ vendor, launcher, image = 'host', devices = 2, cluster }) {
  const names = [`hw-${vendor}`, ...(launcher === 'local' ? [] : [`launcher-${launcher}`])];
  const packages = Object.fromEntries(
    names.map((name) => [`@sweepline/${name}`, `${REPOSITORY}/packages/${name}`]),
  );
  const sku = SKUS[vendor];
  const box = { sku, runners: ['gpus'], launcher, ...cluster };
  const worker = { 'num-worker': 1, tp: devices, ep: 1, 'dp-attn': false };
  const space = [{ 'conc-list': [1], prefill: worker, decode: worker }];
  const entry = {
    ...{ image, model: 'fake-model', 'model-prefix': 'fake', runner: 'gpus', precision: 'fp8' },
    ...{ framework: 'gpus', multinode: true, disagg: true },
    'seq-len-configs': [{ isl: 32, osl: 64, 'search-space': space }],
  };
  return makeTestWorkspace({
    packages: { ...packages, '@sweepline-check/gpus': `${REPOSITORY}/checks/gpus/plugin` },
    files: {
      'configs/gpus.yaml': JSON.stringify({ gpus: entry }),
      'configs/clusters.yaml': JSON.stringify({ box }),
    },
  });
}

/** @param {string} cwd @param {string} faults @param {NodeJS.ProcessEnv} [env] */
function startSweep(cwd, faults, env = process.env) {
  const child = spawn(process.execPath, [BIN, 'sweep', 'configs/gpus.yaml', '--allow-invalid'], {
    cwd,
    env: { ...env, PATH: `${PROGRAMS}:${env['PATH']}`, SWEEPLINE_CHECK_FAULTS: faults },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  /** @type {Promise<void>} */
  const loading = new Promise((resolve) => {
    const hear = (/** @type {Buffer} */ data) => {
      said += String(data);
      if (said.includes('loading')) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
  });
  /** @type {Promise<string>} */
  const ended = new Promise((resolve) => child.once('close', () => resolve(said)));
  return { ended, loading };
}

/** @param {import('@sweepline/core/testing').TestWorkspace} workspace @param {string} said @returns {Promise<Outcome>} */
async function outcomeOf(workspace, said) {
  const [result] = await workspace.results();
  if (result?.state === undefined || !('metrics' in result)) throw new Error(`nothing was measured: ${said}`);
  const { name } = result;
  const raw = JSON.parse(await workspace.readRunFile(`points/${name}/raw.json`));
  const lines = (await workspace.readRunFile(`points/${name}/telemetry.ndjson`)).trim().split('\n');
  const { requests } = await workspace.records(name);
  const log = await workspace.readRunFile(`server_logs_${name}/server.log`);
  const seen = [...log.matchAll(/^sees (.*)$/gm)].map(([, json = '']) => JSON.parse(json));
  return {
    result,
    energy: raw.sweepline.energy,
    samples: lines.map((line) => JSON.parse(line)).filter((line) => 'unixMs' in line),
    outputTokens: requests.reduce((sum, { outputTokens = NaN }) => sum + outputTokens, 0),
    sees: Object.fromEntries(seen.map((one) => [one.role, one])),
  };
}
