import type { EnergyReason, EnergyRecord, RunRecord } from '../../load/records/record.js';
import { completedOf, inputTokens, totalOf } from '../request.js';
import { judgeDevice, reasonIf, type WallWindow } from './device.js';
import type { ClockComparison, DeviceSample, Readings, UsedDevice } from './readings.js';

/**
 * Largest difference between two clocks: in ms, or as a share of the window. Source: InferenceX,
 * utils/aggregate_power_multinode.py.
 */
const CLOCK_TOLERANCE = { ms: 500, share: 0.01 };
/** More than a driver uses on an idle device. */
const IN_USE_GIB = 1;

/**
 * Energy of the devices that a run used, over exactly its measured window. Pure. Any doubt makes it invalid: by InferenceX's
 * rules (utils/aggregate_power.py), and also by the clocks, the driver's counter, and other devices in use on the node.
 */
export function energyOf(run: RunRecord, readings: Readings): EnergyRecord | undefined {
  if (readings.devices.length === 0) return undefined;
  const { originUnixMs, window } = run;
  const wall = { startMs: originUnixMs + window.startMs, endMs: originUnixMs + window.endMs };
  const judged = readings.devices.map((used) => judgeDevice(used, readings.samples.filter(isOf(used)), wall));
  const reasons = [
    ...reasonIf(!(wall.endMs > wall.startMs), 'invalid_benchmark_window', 'the measured window is empty'),
    ...reasonIf(
      readings.source === undefined,
      'power_source_unknown',
      'the hardware plugin names no field that power is read from',
    ),
    ...countReasons(run),
    ...clockReasons(readings.clocks, wall),
    ...otherDevices(readings, wall),
    ...judged.flatMap((one) => one.reasons),
  ];
  const isCounted = judged.some(({ energy }) => energy.counterJ !== undefined);
  return {
    valid: reasons.length === 0,
    reasons,
    ...(readings.source !== undefined && { source: readings.source }),
    ...(isCounted && readings.counterSource !== undefined && { counterSource: readings.counterSource }),
    devices: judged.map(({ energy }) => energy),
  };
}

/** A run with its energy, if there are readings of devices that it used. */
export function withEnergy(run: RunRecord, readings: Readings | undefined): RunRecord {
  const energy = readings && energyOf(run, readings);
  return energy === undefined ? run : { ...run, energy };
}

function isOf({ node, device }: UsedDevice): (sample: DeviceSample) => boolean {
  return (sample) => sample.node === node && sample.device === device;
}

/** The divisors of energy must be known. */
function countReasons(run: RunRecord): readonly EnergyReason[] {
  const isMissing = (count: number | undefined): boolean => count === undefined || count <= 0;
  const output = totalOf(run, (request) => request.outputTokens);
  return [
    ...reasonIf(completedOf(run).length === 0, 'invalid_successful_query_count', 'no request completed'),
    ...reasonIf(
      isMissing(totalOf(run, inputTokens)),
      'invalid_input_token_count',
      'input tokens are not known',
    ),
    ...reasonIf(isMissing(output), 'invalid_output_token_count', 'output tokens are not known'),
  ];
}

/** The window is on the client's clock, readings on that of the machine where Sweepline runs. */
function clockReasons(clocks: readonly ClockComparison[], wall: WallWindow): readonly EnergyReason[] {
  const limitMs = Math.max(CLOCK_TOLERANCE.ms, CLOCK_TOLERANCE.share * (wall.endMs - wall.startMs));
  if (clocks.length < 2)
    return reasonIf(true, 'clock_unknown', 'the clocks were not compared before and after');
  return clocks.flatMap(({ node, offsetMs, uncertaintyMs = Infinity }) => {
    if (offsetMs === undefined)
      return reasonIf(true, 'clock_unknown', `the clock of ${node} could not be read`);
    const side = offsetMs < 0 ? 'behind' : 'ahead of';
    const apart = `the clock of ${node} is ${(Math.abs(offsetMs) / 1000).toFixed(1)} s ${side} that of the readings`;
    const limit = `limit ${(limitMs / 1000).toFixed(1)} s`;
    if (Math.abs(offsetMs) - uncertaintyMs > limitMs)
      return reasonIf(true, 'clock_skew', `${apart}, ${limit}`);
    const unsure = `${apart}, give or take ${(uncertaintyMs / 1000).toFixed(1)} s, ${limit}`;
    return reasonIf(Math.abs(offsetMs) + uncertaintyMs > limitMs, 'clock_unknown', unsure);
  });
}

/** If a node has more devices than the plan uses, the plan's devices are only certain if no other device is in use. */
function otherDevices({ devices, samples }: Readings, wall: WallWindow): readonly EnergyReason[] {
  const nodes = new Set(devices.map(({ node }) => node));
  const others = samples.filter(
    (sample) =>
      nodes.has(sample.node) &&
      sample.unixMs >= wall.startMs &&
      sample.unixMs <= wall.endMs &&
      !devices.some((used) => isOf(used)(sample)) &&
      (sample.memoryUsedGiB ?? Infinity) >= IN_USE_GIB,
  );
  const names = [...new Set(others.map(({ node, device }) => `device ${device} of ${node}`))];
  const message = `${names.join(', ')}: in use, or not known to be idle, and no part of the plan`;
  return reasonIf(names.length > 0, 'other_device_in_use', message);
}
