import type { DeviceEnergy, EnergyReason } from '../../load/records/record.js';
import { bracketing, byTime, integrate, longestGapMs, type PowerReading } from './integrate.js';
import type { DeviceSample, UsedDevice } from './readings.js';

/** The measured window on the wall clock, ms since the Unix epoch. */
export interface WallWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** Longest time between two readings, s. Source: InferenceX, utils/aggregate_power.py, as of August 2026. */
export const MAX_GAP_S = 3;
/**
 * Largest difference between the driver's energy counter and the integral of the readings. Source: the same; there it is only a
 * recommendation.
 */
const COUNTER_TOLERANCE = 0.05;

export interface JudgedDevice {
  readonly energy: DeviceEnergy;
  readonly reasons: readonly EnergyReason[];
}

/** A device's energy over the window, and the reasons against it. `samples` are all of the device, in order of arrival. */
export function judgeDevice(
  used: UsedDevice,
  samples: readonly DeviceSample[],
  window: WallWindow,
): JudgedDevice {
  const who = `device ${used.device} of ${used.node}`;
  const near = samples.filter(({ unixMs }) => isNear(unixMs, window));
  if (samples.length === 0)
    return {
      energy: { ...used, samples: 0 },
      reasons: reasonIf(true, 'expected_gpu_count_mismatch', `${who} has no readings`),
    };
  const readings = byTime(
    near.flatMap(({ unixMs, powerW }) => (isPower(powerW) ? [{ unixMs, powerW }] : [])),
  );
  const invalid = reasonIf(
    near.some(({ powerW }) => !isPower(powerW)),
    'invalid_power_sample',
    `${who} gave no power at times`,
  );
  const taken = bracketing(readings, window.startMs, window.endMs);
  if (taken === undefined) {
    // Without power at all, the lack of it is the reason.
    const isEmpty = readings.length === 0 && invalid.length > 0;
    const message = `readings of ${who} don't reach from before the measured window to after it`;
    const late = reasonIf(!isEmpty, 'benchmark_window_not_bracketed', message);
    return { energy: { ...used, samples: readings.length }, reasons: [...invalid, ...late] };
  }
  const maxGapS = longestGapMs(taken) / 1000;
  const counted = counterOf(near, taken);
  const energyJ = integrate(taken, window.startMs, window.endMs);
  return {
    energy: { ...used, samples: taken.length, maxGapS, energyJ, ...counted },
    reasons: [
      invalid,
      reasonIf(!isInOrder(near), 'telemetry_out_of_order', `the times of ${who} go back: the clock was set`),
      reasonIf(
        maxGapS > MAX_GAP_S,
        'sampling_gap_exceeded',
        `${who} has ${maxGapS.toFixed(1)} s without a reading`,
      ),
      counterReason(who, counted),
    ].flat(),
  };
}

/** Readings further away can't affect the window, whatever is wrong with them. */
function isNear(unixMs: number, { startMs, endMs }: WallWindow): boolean {
  return unixMs >= startMs - 1000 * MAX_GAP_S && unixMs <= endMs + 1000 * MAX_GAP_S;
}

function isPower(powerW: number | undefined): powerW is number {
  return powerW !== undefined && Number.isFinite(powerW) && powerW >= 0;
}

function isInOrder(samples: readonly DeviceSample[]): boolean {
  return samples.every(({ unixMs }, index) => unixMs >= (samples[index - 1]?.unixMs ?? -Infinity));
}

/** The driver's count, and the integral of the readings over the same time; undefined without two counts. */
function counterOf(
  samples: readonly DeviceSample[],
  taken: readonly PowerReading[],
): Pick<DeviceEnergy, 'counterJ' | 'integralJ'> {
  const [from, to] = [taken[0]?.unixMs ?? 0, taken.at(-1)?.unixMs ?? 0];
  const counts = samples.flatMap(({ unixMs, energyJ, powerW }) =>
    energyJ !== undefined && isPower(powerW) && unixMs >= from && unixMs <= to ? [{ unixMs, energyJ }] : [],
  );
  const [first, last] = [counts[0], counts.at(-1)];
  if (first === undefined || last === undefined || last.unixMs <= first.unixMs) return {};
  return { counterJ: last.energyJ - first.energyJ, integralJ: integrate(taken, first.unixMs, last.unixMs) };
}

function counterReason(
  who: string,
  { counterJ, integralJ }: Pick<DeviceEnergy, 'counterJ' | 'integralJ'>,
): readonly EnergyReason[] {
  if (counterJ === undefined || integralJ === undefined) return [];
  const agrees = counterJ > 0 && Math.abs(counterJ - integralJ) <= COUNTER_TOLERANCE * counterJ;
  const figures = `its driver counted ${counterJ.toFixed(1)} J, the readings make ${integralJ.toFixed(1)} J`;
  return reasonIf(!agrees, 'energy_counter_mismatch', `${who}: ${figures}`);
}

export function reasonIf(holds: boolean, code: string, message: string): readonly EnergyReason[] {
  return holds ? [{ code, message }] : [];
}
