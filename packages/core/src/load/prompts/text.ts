import { Mt19937 } from './mt19937.js';

/** Every text begins with it, so all words follow a space and cost the same in every position. */
const OPENING = 'Text:';

/** Short common words of different lengths: with a byte-level tokenizer their costs differ, so sums can reach every length. */
export const WORDS: readonly string[] =
  'a of to the day time light water garden morning window river paper house story music'.split(' ');

/** What text costs, in the server's tokens. */
export interface TextCosts {
  /** Tokens of a prompt without any word: special tokens, chat template, opening. */
  readonly overhead: number;
  /** Tokens of each word; words that cost nothing are left out. */
  readonly words: readonly { readonly word: string; readonly tokens: number }[];
}

/** Costs to assume if the server reports none: one token per word, as most vocabularies contain all of them. */
export const ASSUMED_COSTS: TextCosts = { overhead: 0, words: WORDS.map((word) => ({ word, tokens: 1 })) };

export function textOf(words: readonly string[]): string {
  return [OPENING, ...words].join(' ');
}

/** Composes texts with an exact number of tokens. */
export class TextComposer {
  /** For each number of tokens, whether words can add up to it. */
  private readonly reachable: Uint8Array;

  constructor(
    private readonly costs: TextCosts,
    /** Most tokens that the words of a text may have. */
    longest: number,
  ) {
    this.reachable = new Uint8Array(longest + 1);
    this.reachable[0] = 1;
    for (let sum = 1; sum < this.reachable.length; sum++) {
      this.reachable[sum] = costs.words.some(({ tokens }) => this.canReach(sum - tokens)) ? 1 : 0;
    }
  }

  /** The text of a seed, with `tokens` tokens or the nearest possible number below. It has at least one word. */
  compose(tokens: number, seed: number): string {
    const { words } = this.words(tokens - this.costs.overhead, seed);
    return textOf(words.length === 0 ? [this.cheapest()] : words);
  }

  /** Words of a seed that cost `tokens` together, or the nearest possible number below; and their cost. */
  words(tokens: number, seed: number): { readonly words: readonly string[]; readonly tokens: number } {
    const random = new Mt19937(seed);
    let made = Math.min(tokens, this.reachable.length - 1);
    while (made > 0 && !this.canReach(made)) made--;
    const words: string[] = [];
    for (let left = made; left > 0; left -= this.add(words, left, random));
    return { words, tokens: Math.max(made, 0) };
  }

  cheapest(): string {
    return this.costs.words.reduce((a, b) => (b.tokens < a.tokens ? b : a)).word;
  }

  /** Adds a random word after which the remaining number can still be reached; returns its tokens. */
  private add(words: string[], left: number, random: Mt19937): number {
    const all = this.costs.words;
    const from = random.integer(0, all.length);
    for (let i = 0; i < all.length; i++) {
      const candidate = all[(from + i) % all.length];
      if (candidate === undefined || !this.canReach(left - candidate.tokens)) continue;
      words.push(candidate.word);
      return candidate.tokens;
    }
    return left;
  }

  private canReach(sum: number): boolean {
    return sum >= 0 && this.reachable[sum] === 1;
  }
}
