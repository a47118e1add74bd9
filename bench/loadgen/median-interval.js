// @ts-check

/**
 * An interval for the median without assumptions about the distribution: between two order statistics, the narrowest that covers at least
 * 95 % (the whole range if there are too few values), from the binomial distribution with p = 1/2. Source: Conover, Practical Nonparametric
 * Statistics, "Confidence intervals for quantiles".
 * @param {readonly number[]} values
 */
export function medianInterval(values) {
  const sorted = values.toSorted((a, b) => a - b);
  let cut = 0;
  while (coverage(sorted.length, cut + 1) >= 0.95) cut += 1;
  return {
    low: sorted[cut] ?? NaN,
    high: sorted[sorted.length - 1 - cut] ?? NaN,
    confidence: coverage(sorted.length, cut),
  };
}

/**
 * Probability that the median lies between the values that remain after `cut` of them are removed on each side. @param {number} n @param
 * {number} cut
 */
function coverage(n, cut) {
  let tail = 0;
  for (let k = 0; k <= cut; k += 1) tail += choose(n, k);
  return cut >= n / 2 ? 0 : 1 - (2 * tail) / 2 ** n;
}

/** @param {number} n @param {number} k */
function choose(n, k) {
  let product = 1;
  for (let i = 1; i <= k; i += 1) product *= (n - k + i) / i;
  return product;
}
