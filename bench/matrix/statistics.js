// @ts-check

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle - 0.5)] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** `median 101 ms (90-120)` @param {readonly number[]} values @param {string} unit */
export function spread(values, unit) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `median ${rounded(median(values))} ${unit} (${rounded(least)}-${rounded(most)})`;
}

/** @param {readonly number[]} values */
export function fastest(values) {
  return rounded(Math.max(...values));
}

/** @param {number} value */
const rounded = (value) => Math.round(value).toLocaleString('en-US');
