/** Numbers as Python prints them (ties round to the even digit), so tables agree with InferenceX's to the last digit. */

const MORE_DIGITS = 50;

/** `f'{value:.4f}'` with any number of digits; for values below 1e21. */
export function fixed(value: number, digits: number): string {
  const exact = value.toFixed(digits + MORE_DIGITS);
  return isTieToEven(exact, digits) ? truncated(exact, digits) : value.toFixed(digits);
}

/** `f'{value:g}'`: six significant digits without trailing zeros. */
export function general(value: number): string {
  if (value === 0) return '0';
  const [digits, exponent] = significant(value, 6);
  if (exponent < -4 || exponent >= 6) {
    const sign = exponent < 0 ? '-' : '+';
    return `${withoutZeros(digits)}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return withoutZeros(Number(`${digits}e${exponent}`).toFixed(5 - exponent));
}

/** Decimal digits `d.ddddd` and exponent. */
function significant(value: number, digits: number): [mantissa: string, exponent: number] {
  const [exact = '', exponent] = value.toExponential(digits + MORE_DIGITS).split('e');
  if (isTieToEven(exact, digits - 1)) return [truncated(exact, digits - 1), Number(exponent)];
  const [rounded = '', roundedExponent] = value.toExponential(digits - 1).split('e');
  return [rounded, Number(roundedExponent)];
}

/** Whether the digits after the kept ones are exactly one half and the last kept digit is even. JavaScript rounds these up. */
function isTieToEven(exact: string, digits: number): boolean {
  const kept = truncated(exact, digits);
  return /^\.?50*$/.test(exact.slice(kept.length)) && Number(kept.at(-1)) % 2 === 0;
}

function truncated(exact: string, digits: number): string {
  const point = exact.indexOf('.');
  return exact.slice(0, digits === 0 ? point : point + 1 + digits);
}

function withoutZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}
