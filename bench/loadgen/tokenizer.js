// @ts-check
/** A tokenizer as trivial as one can be, the same for all clients that are compared: id 7 is the word `w7`, and nothing merges. */

/** @type {import('../../packages/core/dist/load/tokenizer/tokenizer.js').Tokenizer} */
export const wordTokenizer = {
  vocabSize: 32_000,
  encode: (text) => text.split(' ').map((word) => Number(word.slice(1))),
  decode: (ids) => ids.map((id) => `w${id}`).join(' '),
};
