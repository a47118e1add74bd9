/** An axis of a drawing. */
export interface Scale {
  readonly ticks: readonly number[];
  /** Position in [0, 1]. */
  at(value: number): number;
}

const ROUND_STEPS = [1, 2, 2.5, 5, 10];

/** An axis that includes `max`, with about `count` intervals. */
export function scaleTo(max: number, count = 5): Scale {
  const step = roundStep((max > 0 ? max : 1) / count);
  const intervals = Math.max(1, Math.ceil(max / step - 1e-9));
  return {
    ticks: Array.from({ length: intervals + 1 }, (_, i) => i * step),
    at: (value) => value / (intervals * step),
  };
}

/** First digits of the ticks of a logarithmic axis, most of them first. */
const DIGITS = [[1, 2, 5], [1]];
const MOST_TICKS = 8;
/** Ends of a logarithmic axis, over its smallest and largest value. */
const MARGIN = 1.15;
/** How much larger the end is than the beginning of one whose ticks are equally far apart. */
const SHORT = 6;

/** A logarithmic axis of values from `least` to `most`, both above 0. */
export function logScale(least: number, most: number): Scale {
  const [begin, end] = [least / MARGIN, most * MARGIN];
  const logarithmic = DIGITS.map((digits) => roundBetween(begin, end, digits));
  return {
    ticks:
      end < SHORT * begin
        ? multiplesBetween(begin, end, roundStep((end - begin) / 5))
        : (logarithmic.find((ticks) => ticks.length <= MOST_TICKS) ?? logarithmic.at(-1) ?? []),
    at: (value) => Math.log(value / begin) / Math.log(end / begin),
  };
}

function multiplesBetween(begin: number, end: number, step: number): readonly number[] {
  const first = Math.ceil(begin / step);
  return Array.from({ length: Math.floor(end / step) - first + 1 }, (_, i) => (first + i) * step);
}

/** Numbers of these first digits. */
function roundBetween(begin: number, end: number, digits: readonly number[]): readonly number[] {
  const first = Math.floor(Math.log10(begin));
  const powers = Array.from({ length: Math.floor(Math.log10(end)) - first + 1 }, (_, i) => 10 ** (first + i));
  const all = powers.flatMap((power) => digits.map((digit) => digit * power));
  return all.filter((tick) => tick >= begin && tick <= end);
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
