/** z of a two-sided interval of 95 %. */
const Z = 1.959963984540054;

export interface Score {
  readonly mean: number;
  /** Standard error of the mean, from the sample's deviation (n − 1) as in lm-eval. Undefined for a single sample. */
  readonly stderr: number | undefined;
}

/** @param scores at least one, 0 or 1 each */
export function meanAndError(scores: readonly number[]): Score {
  const n = scores.length;
  const mean = scores.reduce((sum, score) => sum + score, 0) / n;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  return { mean, stderr: n === 1 ? undefined : Math.sqrt(squares / (n - 1)) / Math.sqrt(n) };
}

/**
 * Wilson's score interval of 95 % for a fraction. Source: Wilson, Probable Inference, the Law of Succession, and Statistical Inference,
 * JASA 22 (1927).
 */
export function wilson(mean: number, n: number): { readonly low: number; readonly high: number } {
  const z2 = Z ** 2 / n;
  const middle = (mean + z2 / 2) / (1 + z2);
  const half = ((Z / (1 + z2)) * Math.sqrt(mean * (1 - mean) * n + Z ** 2 / 4)) / n;
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
