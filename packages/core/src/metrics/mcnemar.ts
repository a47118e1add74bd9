/**
 * How likely it is, if nothing has changed, that answers which differ between two runs divide at least as unevenly: McNemar's exact test,
 * two-sided. Source: Q. McNemar, "Note on the sampling error of the difference between correlated proportions", Psychometrika 12 (1947).
 * @param became questions that only one of the runs answered right: the first, and the second
 */
export function mcnemar(became: readonly [wrong: number, right: number]): number {
  const [wrong, right] = became;
  const n = wrong + right;
  if (n === 0) return 1;
  // The binomial tail at one half, from its smallest term on, in logarithms: 2^-n is 0 beyond some thousand questions.
  let term = -n * Math.LN2;
  let tail = Math.exp(term);
  for (let k = 1; k <= Math.min(wrong, right); k++) {
    term += Math.log((n - k + 1) / k);
    tail += Math.exp(term);
  }
  return Math.min(1, 2 * tail);
}
