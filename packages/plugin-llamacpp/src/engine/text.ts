/** Text of `tokens`, which follow `before`. Bytes that aren't whole UTF-8 characters become U+FFFD. */
export type Detokenize = (tokens: readonly number[], before: readonly number[]) => string;

const REPLACEMENT = '\uFFFD';
/** Tokens that a detokenizer looks back at, to know whether a leading space belongs there. */
const LOOKBACK = 3;
/** A character has 4 bytes at most, so what is still broken after this many tokens never was UTF-8. */
const LONGEST_HOLD = 16;

/**
 * Turns a stream of tokens into a stream of text. A token that ends within a character gives no text; the character comes with
 * the token that completes it.
 */
export class TextStream {
  readonly #detokenize: Detokenize;
  #before: readonly number[];
  #held: number[] = [];

  constructor(detokenize: Detokenize, prompt: readonly number[]) {
    this.#detokenize = detokenize;
    this.#before = prompt.slice(-LOOKBACK);
  }

  /** The text that the token makes known; with the `last` token, whatever is left. */
  push(token: number, last: boolean): string {
    this.#held.push(token);
    const text = this.#detokenize(this.#held, this.#before);
    if (!last && text.endsWith(REPLACEMENT) && this.#held.length < LONGEST_HOLD) return '';
    this.#before = [...this.#before, ...this.#held].slice(-LOOKBACK);
    this.#held = [];
    return text;
  }
}
