import { createHash } from 'node:crypto';
import type { Worker } from '../config/model.js';
import { loadIdentity } from '../load/scenario/load.js';
import { canonicalJson } from './canonical.js';
import { isMultiNode, type Job, type Point } from './job.js';

/** Hex digits: among a million points, the chance that two are equal is 1 in 500. */
const DIGITS = 12;

/** Keys that don't change what is measured: names, which evals follow, and the label or node, as the SKU is included. */
const OF_NAMES: readonly string[] = [
  'exp-name',
  'runner',
  'recipe-fingerprint',
  'run-eval',
  'eval-only',
  'eval-conc',
  'eval-all-concs',
];

/**
 * A point's identity: a digest of everything that defines it, independent of what else is selected and of the order of its keys.
 */
export function pointId({ job, concurrency }: Point, sku: string): string {
  const what = { sku, ...normalised(job), conc: concurrency };
  return createHash('sha256').update(canonicalJson(what)).digest('hex').slice(0, DIGITS);
}

/** Omitted sizes are 1, and empty fields count as omitted: both dialects give the same id for the same job. */
function normalised(job: Job): object {
  const { options = {}, load, ...rest } = job;
  const members = Object.entries(rest).filter(([key]) => !OF_NAMES.includes(key));
  return {
    ...(isMultiNode(job) ? {} : SIZES_OF_ONE),
    ...Object.fromEntries(members),
    ...(isMultiNode(job)
      ? { prefill: normalisedWorker(job.prefill), decode: normalisedWorker(job.decode) }
      : {}),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(load === undefined ? {} : { load: loadIdentity(load) }),
  };
}

const SIZES_OF_ONE = { pp: 1, 'dcp-size': 1, 'pcp-size': 1 };

function normalisedWorker(worker: Worker): object {
  const { hardware, 'additional-settings': settings, ...sizes } = worker;
  return {
    ...SIZES_OF_ONE,
    ...sizes,
    ...(hardware ? { hardware } : {}),
    ...(settings && settings.length > 0 ? { settings } : {}),
  };
}
