import { createHash } from 'node:crypto';
import type { Worker } from '../config/model.js';
import { loadIdentity } from '../load/scenario/load.js';
import { canonicalJson } from './canonical.js';
import { isMultiNode, type Job, type Point } from './job.js';

/** Hex digits: among a million points, two have the same with a chance of 1 in 500. */
const DIGITS = 12;

/** Keys that don't change what is measured: names, what evals are to follow, and the label or node, which the SKU stands for. */
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
 * A point's identity: a digest of everything that makes it what it is, the same whatever else is selected and in whatever
 * order its keys were written.
 */
export function pointId({ job, concurrency }: Point, sku: string): string {
  const what = { sku, ...normalised(job), conc: concurrency };
  return createHash('sha256').update(canonicalJson(what)).digest('hex').slice(0, DIGITS);
}

/** Sizes that are left out are 1, and what is empty is not there: both dialects write the same job in their own way. */
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
