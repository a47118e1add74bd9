/** Student's t distribution with location 0 and scale 1. Formulas: NIST Handbook of Mathematical Functions, 8.17 and 5.11. */

export function logDensity(x: number, degrees: number): number {
  return logFactorOf(degrees) - ((degrees + 1) / 2) * Math.log1p((x * x) / degrees);
}

/** ln of what makes the density's integral 1, by degrees: few are asked for, each for millions of values. */
const logFactors = new Map<number, number>();

function logFactorOf(degrees: number): number {
  const known = logFactors.get(degrees);
  if (known !== undefined) return known;
  const factor = logGamma((degrees + 1) / 2) - logGamma(degrees / 2) - 0.5 * Math.log(degrees * Math.PI);
  logFactors.set(degrees, factor);
  return factor;
}

/** Probability of a value up to x. */
export function cumulative(x: number, degrees: number): number {
  const tail = 0.5 * incompleteBeta(degrees / 2, 0.5, degrees / (degrees + x * x));
  return x > 0 ? 1 - tail : tail;
}

/** Coefficients of Lanczos' approximation with g = 7 and n = 9, which has 15 digits. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** For x > 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const t = x + 6.5;
  const sum = LANCZOS.reduce(
    (all, coefficient, i) => all + (i === 0 ? coefficient : coefficient / (x - 1 + i)),
    0,
  );
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The regularized incomplete beta function. */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The continued fraction converges fast on this side of the mean.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return (front / a) * continuedFraction(a, b, x);
}

const MOST_TERMS = 300;
const EXACT = 1e-14;
/** Stands for 0 where 0 would be divided by. */
const TINY = 1e-300;

/** Lentz's method. */
function continuedFraction(a: number, b: number, x: number): number {
  const nonZero = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / nonZero(1 + term * d);
      c = nonZero(1 + term / c);
      change = c * d;
      fraction *= change;
    }
    if (Math.abs(change - 1) < EXACT) break;
  }
  return fraction;
}
