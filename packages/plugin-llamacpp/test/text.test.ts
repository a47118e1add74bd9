import { expect, test } from 'vitest';
import { TextStream } from '../dist/engine/text.js';

/** Tokens are bytes here. */
const detokenize = (tokens: readonly number[]) => Buffer.from(tokens).toString('utf8');

function streamed(bytes: readonly number[]): string[] {
  const text = new TextStream(detokenize, []);
  return bytes.map((byte, index) => text.push(byte, index === bytes.length - 1));
}

test('a character comes with the token that completes it', () => {
  expect(streamed([...Buffer.from('a€😀')])).toEqual(['a', '', '', '€', '', '', '', '😀']);
});

test('bytes that never become a character come as the whole text has them', () => {
  const bytes = [0xe2, 0x82, 0x41, 0xf0, 0x9f];
  expect(streamed(bytes).join('')).toBe(detokenize(bytes));
});

test('a long run of broken bytes is not held back for ever', () => {
  expect(streamed(Array<number>(64).fill(0x80)).filter((text) => text !== '').length).toBeGreaterThan(1);
});
