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
