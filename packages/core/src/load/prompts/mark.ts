import { z } from 'zod';
import { WORDS } from './text.js';

/** Bits of a mark: 2^32 runs with 2^20 prompts each. */
const BITS = 52;
/** Odd, so multiplication modulo 2^52 maps no two values to the same one; near 2^52/φ, so neighbours end up far apart. */
const SPREAD = 0x9e3779b97f4a7n;

/**
 * A number unique to the run: every prompt then begins with its own mark, made of this number and the prompt's index, so it finds
 * nothing in a prefix cache, not even from an earlier run. The same number gives the same prompts again.
 */
export const bustCache = z
  .number()
  .int()
  .min(0)
  .max(0xffffffff)
  .describe('A number unique to the run, from which every prompt gets its own beginning.')
  .optional();

/** Number of digits of a mark in a base. */
function markDigits(base: number): number {
  return Math.ceil(BITS / Math.log2(base));
}

/** The mark of a prompt, as digits in a base of 2 or more: marks of different runs or prompts differ. */
export function markOf(run: number, index: number, base: number): number[] {
  let value = Number(BigInt.asUintN(BITS, (BigInt(run) * 2n ** 20n + BigInt(index)) * SPREAD));
  const digits = Array.from({ length: markDigits(base) }, () => {
    const digit = value % base;
    value = Math.floor(value / base);
    return digit;
  });
  // The highest first: it depends on all bits of the number.
  return digits.reverse();
}

/** The same mark as words. */
export function markWords(run: number, index: number): string[] {
  return markOf(run, index, WORDS.length).map((digit) => WORDS[digit] ?? '');
}
