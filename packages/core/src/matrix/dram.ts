import type { AgenticCoding, RunnerConfig, SearchSpace, SingleNodeSpace, Worker } from '../config/model.js';
import { SweeplineError } from '../errors.js';
import { attentionDevices } from './devices.js';

const BYTES_PER_MIB = 1024n * 1024n;
const BYTES_PER_GB = 1_000_000_000n;
/** At most 3 TB (decimal) of a node's DRAM are counted (InferenceX, August 2026). */
const MOST_MIB = 2_861_022;

/**
 * Decimal GB of DRAM that KV offloading may take on a node, rounded down: the node's DRAM × the scenario's share × the share of
 * the node's GPUs that the server uses (those of prefill workers if there are any, as only they offload). 0 without offloading to
 * DRAM.
 * @throws {SweeplineError} CONFIG_INVALID when the runner's hardware is unknown or the GPUs don't fit its nodes.
 */
export function offloadDramGb(
  scenario: AgenticCoding,
  space: SearchSpace,
  runner: string,
  runners: RunnerConfig,
): number {
  if (space['kv-offloading'] !== 'dram') return 0;
  const hardware = runners.hardware[runner];
  if (hardware === undefined) throw unknownHardware(runner, runners);
  const perNode = hardware['gpus-per-node'];
  const used = 'prefill' in space ? workerGpus(space.prefill, perNode) : serverGpus(space, perNode, runner);
  const mib = Math.min(hardware['available-cpu-dram-mib'], MOST_MIB);
  const share = decimal(scenario['dram-utilization'] ?? 0);
  const bytes = BigInt(mib) * BYTES_PER_MIB * share.digits * BigInt(used);
  return Number(bytes / (share.scale * BigInt(perNode) * BYTES_PER_GB));
}

function serverGpus(space: SingleNodeSpace, perNode: number, runner: string): number {
  const gpus = attentionDevices(space);
  if (gpus <= perNode) return gpus;
  throw doesNotFit(`${gpus} GPUs (tp × pp × pcp) are more than the ${perNode} of a node of ${runner}`);
}

/** GPUs of one worker on one node: workers either divide a node evenly or fill whole nodes. */
function workerGpus(worker: Worker, perNode: number): number {
  const gpus = attentionDevices(worker);
  const [larger, smaller] = gpus > perNode ? [gpus, perNode] : [perNode, gpus];
  if (larger % smaller === 0) return Math.min(gpus, perNode);
  throw doesNotFit(
    gpus > perNode
      ? `a worker's ${gpus} GPUs (tp × pp × pcp) do not fill whole nodes of ${perNode}`
      : `a worker's ${gpus} GPUs (tp × pp × pcp) do not divide a node's ${perNode}`,
  );
}

function doesNotFit(message: string): SweeplineError {
  return new SweeplineError('CONFIG_INVALID', message, {
    hint: 'Choose sizes that fit the nodes of the runner.',
  });
}

function unknownHardware(runner: string, runners: RunnerConfig): SweeplineError {
  const known = Object.keys(runners.hardware).sort().join(', ') || 'none';
  return new SweeplineError(
    'CONFIG_INVALID',
    `the hardware of runner ${runner} is not in the runner config`,
    {
      hint: `Add it under hardware; available: ${known}.`,
    },
  );
}

/** The exact decimal form of a number. */
function decimal(value: number): { readonly digits: bigint; readonly scale: bigint } {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const places = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction) * 10n ** BigInt(Math.max(-places, 0));
  return { digits, scale: 10n ** BigInt(Math.max(places, 0)) };
}
