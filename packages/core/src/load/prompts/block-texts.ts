import type { WorkloadContext } from '../workloads/workload.js';
import { KEYS, tokensOf, type Block, type BlockOptions, type BlockPrompt } from './block.js';
import { calibrate, type Calibration, type CountTokens } from './calibrate.js';
import { markWords } from './mark.js';
import type { Prompt, PromptStore } from './prompt.js';
import { PromptStoreBuilder } from './prompt-store.js';
import { TextComposer, textOf } from './text.js';
import type { Tokenizer } from '../../tokenizer/tokenizer.js';

/** Tokens of a text's opening (a word and a colon) in most vocabularies. */
const OPENING_TOKENS = 2;

type Options = Pick<BlockOptions, 'seed' | 'bustCache'>;

/**
 * Measures the token cost of words, with the tokenizer if there is one, otherwise with the server; texts may have up to `longest`
 * tokens.
 */
export async function blockTexts(
  longest: number,
  options: Options,
  { ask, tokenizer }: WorkloadContext,
): Promise<BlockTexts> {
  const count: CountTokens =
    tokenizer === undefined
      ? async (text) => (await ask(probeOf(text))).serverPromptTokens
      : (text) => Promise.resolve(tokenizer.encode(text).length);
  const trial = seedOf(options.seed, KEYS);
  const place = tokenizer === undefined ? 'on the server' : 'by the tokenizer';
  const calibration = await calibrate(count, longest, trial, place);
  return new BlockTexts(calibration, longest, options, tokenizer);
}

/** Blocks as words. */
export class BlockTexts {
  readonly notes: readonly string[];
  private readonly composer: TextComposer;
  private readonly costs: Calibration['costs'];

  constructor(
    { costs, notes }: Calibration,
    longest: number,
    private readonly options: Options,
    private readonly tokenizer: Tokenizer | undefined,
  ) {
    this.composer = new TextComposer(costs, longest);
    this.costs = costs;
    this.notes = notes;
  }

  store(prompts: readonly BlockPrompt[], first: number): PromptStore {
    const store = new PromptStoreBuilder();
    prompts.forEach(({ blocks, outputLen }, i) => {
      const { text, promptTokens } = this.compose(blocks, first + i);
      store.add(JSON.stringify(text), {
        ...(promptTokens !== undefined && { promptTokens }),
        requestedPromptTokens: tokensOf(blocks),
        requestedOutputTokens: outputLen,
      });
    });
    return store.build();
  }

  /**
   * The text of a prompt, and its tokens if there is a tokenizer. Without an index it continues a conversation and gets no mark.
   */
  compose(
    blocks: readonly Block[],
    index?: number,
  ): { readonly text: string; readonly promptTokens: number | undefined } {
    const asked = tokensOf(blocks);
    const words = index === undefined ? [] : this.mark(index, asked);
    // Surplus tokens over those of the blocks so far; the next block makes up for it.
    let ahead = this.overhead(index) + words.reduce((sum, word) => sum + this.costOf(word), 0);
    for (const { key, tokens } of blocks) {
      const made = this.composer.words(tokens - ahead, seedOf(this.options.seed, key));
      for (const word of made.words) words.push(word);
      ahead += made.tokens - tokens;
    }
    if (words.length === 0) {
      words.push(this.composer.cheapest());
      ahead += this.costOf(this.composer.cheapest());
    }
    const text = textOf(words);
    return { text, promptTokens: this.countOf(text, asked + ahead) };
  }

  /**
   * Tokens of a text besides its words. Within a conversation, the special tokens and templates that a server counts are not part
   * of the text.
   */
  private overhead(index: number | undefined): number {
    const { overhead } = this.costs;
    const isNext = index === undefined && this.tokenizer === undefined;
    return isNext ? Math.min(overhead, OPENING_TOKENS) : overhead;
  }

  /** Words that no other prompt begins with, as many as fit. */
  private mark(index: number, tokens: number): string[] {
    const { bustCache } = this.options;
    if (bustCache === undefined) return [];
    let left = tokens - this.costs.overhead;
    return markWords(bustCache, index).filter((word) => (left -= this.costOf(word)) >= 0);
  }

  /** If a trial confirmed the costs, they are added up; otherwise each text is counted. */
  private countOf(text: string, sum: number): number | undefined {
    if (this.tokenizer === undefined) return undefined;
    return this.notes.length === 0 ? sum : this.tokenizer.encode(text).length;
  }

  /** Words that have no entry cost nothing of their own. */
  private costOf(word: string): number {
    return this.costs.words.find((known) => known.word === word)?.tokens ?? 0;
  }
}

function seedOf(seed: number, key: number): number {
  return (Math.imul(seed, 0x85ebca6b) + key) >>> 0;
}

function probeOf(text: string): Prompt {
  return { json: JSON.stringify(text), lengths: { requestedPromptTokens: 0, requestedOutputTokens: 1 } };
}
