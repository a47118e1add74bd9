/** Text of `tokens`, which follow `before`. Bytes that aren't complete UTF-8 characters become U+FFFD. */
export type Detokenize = (tokens: readonly number[], before: readonly number[]) => string;

const REPLACEMENT = '\uFFFD';
/** Number of earlier tokens that a detokenizer needs, to decide about a leading space. */
const LOOKBACK = 3;
/** A character has at most 4 bytes, so text that is still incomplete after this many tokens was never UTF-8. */
const LONGEST_HOLD = 16;

/**
 * Turns a stream of tokens into a stream of text. A token that ends within a character yields no text; the character follows with the token
 * that completes it.
 */
export class TextStream {
  readonly #detokenize: Detokenize;
  #before: readonly number[];
  #held: number[] = [];

  constructor(detokenize: Detokenize, prompt: readonly number[]) {
    this.#detokenize = detokenize;
    this.#before = prompt.slice(-LOOKBACK);
  }

  /** The text that the token completes; with the `last` token, everything that is left. */
  push(token: number, last: boolean): string {
    this.#held.push(token);
    const text = this.#detokenize(this.#held, this.#before);
    if (!last && text.endsWith(REPLACEMENT) && this.#held.length < LONGEST_HOLD) return '';
    this.#before = [...this.#before, ...this.#held].slice(-LOOKBACK);
    this.#held = [];
    return text;
  }
}
