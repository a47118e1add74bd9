// @ts-check
/** The simplest possible tokenizer, the same for all compared clients: id 7 is the word `w7`, and nothing merges. */

const WORDS = Array.from({ length: 32_000 }, (_, id) => `w${id}`);
const [BLANK, ZERO] = [32, 48];

/** @type {import('@sweepline/core/tokenizer').Tokenizer} */
export const wordTokenizer = {
  vocabSize: WORDS.length,
  decode: (ids) => ids.map((id) => WORDS[id]).join(' '),
  encode(text) {
    const ids = [];
    let id = 0;
    // From after the first `w`.
    for (let i = 1; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      if (code !== BLANK) {
        id = 10 * id + code - ZERO;
        continue;
      }
      ids.push(id);
      id = 0;
      // The `w` of the next word.
      i += 1;
    }
    ids.push(id);
    return ids;
  },
};
