// @ts-check
import assert from 'node:assert/strict';
import { SKUS } from './sweep.js';

/** @typedef {import('./sweep.js').Outcome} Outcome @typedef {import('./sweep.js').Device} Device @typedef {import('./faults.js').Fault} Fault */

const GPUS = 8;
/** Of numbers that are computed here in another way. */
const SHARE = 1e-3;
const COUNTER_SHARE = 0.05;
/** Readings come each second; machines that run checks are busy. */
const READ_SHARE = 0.5;
const VARIABLES = { nvidia: 'CUDA_VISIBLE_DEVICES', amd: 'ROCR_VISIBLE_DEVICES' };
const SOURCES = {
  nvidia: {
    source: 'nvidia-smi: power.draw',
    counterSource: 'dcgmi: DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION',
  },
  amd: { source: 'amd-smi: power.socket_power', counterSource: 'amd-smi: energy.total_energy_consumption' },
};

/** What programs/gpus.sh lets a GPU draw, W. @param {{ node: string, device: number }} gpu */
function wattsOf({ node, device }) {
  return 100 + 10 * device + 100 * Number(/^n([1-9])$/.exec(node)?.[1] ?? 0);
}

/**
 * A run without faults: the energy is what constant powers make over the time of the load.
 * @param {Outcome} outcome @param {keyof SOURCES} vendor @param {Readonly<Record<string, readonly number[]>>} planned GPUs of each role, which
 * has one node @param {number} [nodes] of all roles @returns {string}
 */
export function judgeClean({ result, energy, samples, outputTokens }, vendor, planned, nodes = 1) {
  assert.deepEqual(energy.reasons, []);
  const { source, counterSource } = energy;
  assert.deepEqual({ source, counterSource }, SOURCES[vendor]);
  const { sku, facts } = result.provenance.hardware ?? {};
  assert.deepEqual([sku, facts?.['gpu-count'], facts?.['gpus-idle']], [SKUS[vendor], GPUS, true]);
  const { metrics } = /** @type {{ metrics: Record<string, number> }} */ (/** @type {unknown} */ (result));
  const seconds = metrics['duration'] ?? NaN;
  const of = (/** @type {string} */ role) => energy.devices.filter((one) => one.role === role);
  for (const [role, gpus] of Object.entries(planned)) {
    assert.deepEqual(
      of(role).map(({ device }) => device),
      gpus,
      role,
    );
    isClose(metrics[`${role}_gpu_energy_j`], joules(of(role), seconds), `the energy of ${role}`);
  }
  const total = joules(energy.devices, seconds);
  isClose(metrics['total_gpu_energy_j'], total, 'the energy of all');
  isClose(metrics['joules_per_output_token'], total / outputTokens, 'the energy of a token');
  assert.equal(metrics['power_valid'], 1);
  const apart = Math.max(
    ...energy.devices.map(({ counterJ = NaN, integralJ = 1 }) => Math.abs(counterJ / integralJ - 1)),
  );
  assert(apart <= COUNTER_SHARE, `a counter is off by ${apart}`);
  const names = [...new Set(energy.devices.map(({ node }) => node))];
  assert.equal(names.length, nodes, names.join());
  for (const node of names) for (let gpu = 0; gpu < GPUS; gpu++) judgeReadings(samples, node, gpu, seconds);
  const perToken = (total / outputTokens).toFixed(2);
  return `${total.toFixed(0)} J in ${seconds.toFixed(1)} s, ${perToken} J per token; counters within ${(100 * apart).toFixed(2)} %`;
}

/** @param {Outcome['samples']} samples @param {string} node @param {number} device @param {number} seconds */
function judgeReadings(samples, node, device, seconds) {
  const own = samples.filter((one) => one.node === node && one.device === device);
  const name = `GPU ${device} of ${node}`;
  assert(own.length >= READ_SHARE * seconds, `${name} was read ${own.length} times in ${seconds} s`);
  assert.deepEqual([...new Set(own.map(({ powerW }) => powerW))], [wattsOf({ node, device })], name);
  assert(
    own.some(({ energyJ }) => energyJ !== undefined),
    `${name} has no counter`,
  );
}

/**
 * Processes see what they are planned to use, of all that the node has.
 * @param {Outcome} outcome @param {keyof SOURCES} vendor @param {Readonly<Record<string, string>>} planned by role
 * @param {readonly string[]} [files] below /dev
 */
export function judgeVisible({ sees }, vendor, planned, files = []) {
  for (const [role, devices] of Object.entries(planned)) {
    assert.equal(sees[role]?.visible[VARIABLES[vendor]], devices, `${role}: ${JSON.stringify(sees[role])}`);
    assert.deepEqual(sees[role]?.files, files, role);
  }
}

/** Energy is left out, for exactly the reason that was planted. @param {Outcome} outcome @param {Fault} fault @returns {string} */
export function judgeFault({ result, energy }, { reasons, names }) {
  const { metrics, marks = [] } =
    /** @type {{ metrics: Record<string, number>, marks?: { code: string }[] }} */ (
      /** @type {unknown} */ (result)
    );
  assert.deepEqual(
    [...new Set(energy.reasons.map(({ code }) => code))],
    reasons,
    JSON.stringify(energy.reasons),
  );
  for (const { message } of energy.reasons.slice(0, 1)) assert.match(message, names);
  assert.equal(metrics['power_valid'], 0);
  assert.equal(metrics['total_gpu_energy_j'], undefined);
  assert(marks.some(({ code }) => code === 'power-invalid'));
  return energy.reasons.map(({ code, message }) => `${code}: ${message}`)[0] ?? '';
}

/** @param {readonly Device[]} devices @param {number} seconds */
function joules(devices, seconds) {
  return devices.reduce((sum, device) => sum + wattsOf(device), 0) * seconds;
}

/** @param {number | undefined} actual @param {number} expected @param {string} what */
function isClose(actual, expected, what) {
  const isSo = Math.abs((actual ?? NaN) - expected) <= SHARE * expected;
  assert(isSo, `${what} is ${actual}, by hand ${expected}`);
}
