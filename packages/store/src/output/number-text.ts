/** A change as a share, with its sign: −10.0 %. */
export function signedPercent(share: number): string {
  return `${share < 0 ? '−' : '+'}${(100 * Math.abs(share)).toFixed(1)} %`;
}

const DIGITS = 5;

/** With five significant digits. */
export function rounded(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}
