/** The 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054;

/**
 * Wilson's interval of 95 % for a fraction, which stays within 0 and 1. Source: E. B. Wilson, "Probable inference, the law of succession,
 * and statistical inference", 1927.
 * @param n observations, above 0
 */
export function wilson(fraction: number, n: number): { readonly low: number; readonly high: number } {
  const z2 = Z ** 2 / n;
  const middle = (fraction + z2 / 2) / (1 + z2);
  const half = ((Z / (1 + z2)) * Math.sqrt(fraction * (1 - fraction) * n + Z ** 2 / 4)) / n;
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
