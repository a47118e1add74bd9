/** A linear axis from 0 to a round number. */
export interface Scale {
  readonly ticks: readonly number[];
  /** Position in [0, 1]. */
  at(value: number): number;
}

const ROUND_STEPS = [1, 2, 2.5, 5, 10];

/** The axis that holds `max` with about `count` intervals. */
export function scaleTo(max: number, count = 5): Scale {
  const step = roundStep((max > 0 ? max : 1) / count);
  const intervals = Math.max(1, Math.ceil(max / step - 1e-9));
  return {
    ticks: Array.from({ length: intervals + 1 }, (_, i) => i * step),
    at: (value) => value / (intervals * step),
  };
}

function roundStep(least: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(least));
  const step = ROUND_STEPS.find((round) => round * magnitude >= least * (1 - 1e-9)) ?? 10;
  return step * magnitude;
}

/** With thousands separators and without noise digits. */
export function tickText(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en-US', { maximumSignificantDigits: 6 });
}
