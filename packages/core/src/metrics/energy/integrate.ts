/** Power at a moment. */
export interface PowerReading {
  readonly unixMs: number;
  readonly powerW: number;
}

/** Sorts readings by time; readings with the same time, from tools with coarse clocks, are replaced by their mean. */
export function byTime(readings: readonly PowerReading[]): readonly PowerReading[] {
  const at = new Map<number, number[]>();
  for (const { unixMs, powerW } of readings) at.set(unixMs, [...(at.get(unixMs) ?? []), powerW]);
  return [...at]
    .map(([unixMs, powers]) => ({ unixMs, powerW: powers.reduce((a, b) => a + b) / powers.length }))
    .sort((a, b) => a.unixMs - b.unixMs);
}

/**
 * The readings from the last one at or before the start to the first one at or after the end; undefined if they don't cover both.
 */
export function bracketing(
  readings: readonly PowerReading[],
  startMs: number,
  endMs: number,
): readonly PowerReading[] | undefined {
  const first = readings.findLastIndex(({ unixMs }) => unixMs <= startMs);
  const last = readings.findIndex(({ unixMs }) => unixMs >= endMs);
  return first === -1 || last === -1 ? undefined : readings.slice(first, last + 1);
}

/** Longest time between neighbouring readings, ms. */
export function longestGapMs(readings: readonly PowerReading[]): number {
  return pairs(readings).reduce((most, [left, right]) => Math.max(most, right.unixMs - left.unixMs), 0);
}

/**
 * Joules between two times that the readings enclose: trapezoids, with interpolated power at both ends. Source: InferenceX,
 * utils/aggregate_power.py (per_device_trapezoidal_with_linear_boundary_interpolation).
 */
export function integrate(readings: readonly PowerReading[], startMs: number, endMs: number): number {
  return pairs(readings).reduce((joules, [left, right]) => {
    const [from, to] = [Math.max(left.unixMs, startMs), Math.min(right.unixMs, endMs)];
    if (to <= from) return joules;
    const mean = (powerAt(left, right, from) + powerAt(left, right, to)) / 2;
    return joules + (mean * (to - from)) / 1000;
  }, 0);
}

function powerAt(left: PowerReading, right: PowerReading, unixMs: number): number {
  const share = (unixMs - left.unixMs) / (right.unixMs - left.unixMs);
  return left.powerW + share * (right.powerW - left.powerW);
}

function pairs(readings: readonly PowerReading[]): (readonly [PowerReading, PowerReading])[] {
  return readings.slice(1).map((right, index) => [readings[index]!, right] as const);
}
