/** 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * Levels of the lower and upper end of a 95 % interval in the bootstrap distribution of `blocks` resampled blocks, in percent.
 * Plain percentiles (2.5 and 97.5 %) are too narrow with few blocks, just as a normal interval with the sample variance would be;
 * the levels are moved outward from those of the normal distribution to those of Student's t: T. Hesterberg, "What Teachers
 * Should Know About the Bootstrap", The American Statistician 69(4), 2015, section 5.3 (expanded percentile interval).
 */
export function expandedLevels(blocks: number): readonly [number, number] {
  const low = 100 * normalCdf(-Math.sqrt(blocks / (blocks - 1)) * studentT(blocks - 1));
  return [low, 100 - low];
}

/**
 * 97.5 % point of Student's t: Cornish–Fisher expansion, Abramowitz and Stegun 26.7.5; exact to 0.01 from 7 degrees of freedom
 * on.
 */
function studentT(degrees: number): number {
  const terms = [
    (Z ** 3 + Z) / 4,
    (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96,
    (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384,
  ];
  return terms.reduce((t, term, i) => t + term / degrees ** (i + 1), Z);
}

/** For x <= 0: Abramowitz and Stegun 26.2.17, exact to 7.5e-8. */
function normalCdf(x: number): number {
  const k = 1 / (1 - 0.2316419 * x);
  const polynomial =
    k * (0.31938153 + k * (-0.356563782 + k * (1.781477937 + k * (-1.821255978 + k * 1.330274429))));
  return (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}
