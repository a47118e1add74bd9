import { SweeplineError } from '../../errors.js';
import type { Tokenizer } from '../../tokenizer/tokenizer.js';
import { fitText } from './fit-text.js';
import { gather, type StorePlace } from './gather.js';
import type { IdRun } from './id-runs.js';
import { PromptStoreBuilder, sizeOfStore } from './prompt-store.js';
import type { PromptStore } from './prompt.js';
import { sizeOf, type Vocabulary } from './random.js';

/** One text to make from token ids. */
export interface TextItem {
  /** Ids at its start. */
  readonly prefix: readonly number[];
  readonly runs: readonly IdRun[];
  /** Tokens that it should have, without a chat template. */
  readonly tokens: number;
  readonly requestedPromptTokens: number;
  readonly requestedOutputTokens: number;
}

/** Texts to make, as plain data: several makers may share it. */
export interface TextJob {
  readonly vocabulary: Vocabulary;
  readonly usesChatTemplate: boolean;
  readonly items: readonly TextItem[];
  /** Number of items that a maker takes at once, and how many times this was done: each item is taken by one maker. */
  readonly share: { readonly size: number; readonly taken: Int32Array<SharedArrayBuffer> };
}

/** Tokens that a maker takes at once: neighbouring texts share pieces, and no maker should wait long for another. */
const TOKENS_AT_ONCE = 2 ** 16;

export function textJob(
  vocabulary: Vocabulary,
  usesChatTemplate: boolean,
  items: readonly TextItem[],
): TextJob {
  const size = Math.ceil((TOKENS_AT_ONCE * items.length) / Math.max(1, tokensOf(items)));
  const taken = new Int32Array(new SharedArrayBuffer(4));
  return { vocabulary, usesChatTemplate, items, share: { size, taken } };
}

export function tokensOf(items: readonly TextItem[]): number {
  return items.reduce((sum, { tokens }) => sum + tokens, 0);
}

/** Result of a job. */
export interface MadeTexts {
  readonly store: PromptStore;
  /**
   * For each item its index in the store; −1: another maker has taken it, or it needs random ids, which must be drawn for one
   * text after the other.
   */
  readonly places: Int32Array;
}

export const NOT_MADE = -1;

/** Texts are moved out of the heap when they reach this many characters. */
const FLUSH = 2 ** 24;

/**
 * Makes its share of a job's texts, item by item, so that a thread with other work can give way. Without `draw`, texts that need
 * random ids are left out.
 */
export class TextMaker {
  private readonly done: StorePlace[] = [];
  private readonly places: Int32Array;
  private builder = new PromptStoreBuilder();
  private count = 0;
  private chars = 0;
  private at = 0;
  private end = 0;

  constructor(
    private readonly job: TextJob,
    private readonly tokenizer: Tokenizer,
    private readonly draw?: (count: number) => number[],
  ) {
    this.places = new Int32Array(job.items.length).fill(NOT_MADE);
  }

  /** Makes the next text; false when there is none. */
  step(): boolean {
    if (this.at === this.end) this.take();
    const item = this.job.items[this.at];
    if (item === undefined) return false;
    if (this.make(item)) this.places[this.at] = this.count++;
    this.at++;
    return true;
  }

  made(): MadeTexts {
    this.flush();
    return { store: gather(this.done), places: this.places };
  }

  private take(): void {
    const { size, taken } = this.job.share;
    this.at = Atomics.add(taken, 0, 1) * size;
    this.end = this.at + size;
  }

  private flush(): void {
    const store = this.builder.build();
    for (let at = 0; at < sizeOfStore(store); at++) this.done.push({ store, at });
    this.builder = new PromptStoreBuilder();
    this.chars = 0;
  }

  private make(item: TextItem): boolean {
    const { job, tokenizer } = this;
    const fitted = fitText(idsOf(item, job.vocabulary), item.tokens, tokenizer, this.draw);
    if (fitted === undefined) return false;
    const text = job.usesChatTemplate ? inTemplate(fitted.text, tokenizer) : fitted.text;
    this.chars += text.length;
    if (this.chars > FLUSH) this.flush();
    this.builder.add(JSON.stringify(text), {
      promptTokens: job.usesChatTemplate ? tokenizer.encode(text).length : fitted.tokens,
      requestedPromptTokens: item.requestedPromptTokens,
      requestedOutputTokens: item.requestedOutputTokens,
    });
    return true;
  }
}

/** A user message as the model reads it. */
export function inTemplate(content: string, tokenizer: Tokenizer): string {
  if (tokenizer.applyChatTemplate !== undefined)
    return tokenizer.applyChatTemplate([{ role: 'user', content }]);
  throw new SweeplineError('TOKENIZER_INVALID', 'the tokenizer has no chat template', {
    hint: 'Turn the chat template off',
  });
}

function idsOf({ prefix, runs }: TextItem, vocabulary: Vocabulary): number[] {
  const size = sizeOf(vocabulary);
  const ids = [...prefix];
  for (const { start, length } of runs) {
    for (let i = 0; i < length; i++) ids.push(vocabulary.first + ((start + i) % size));
  }
  return ids;
}
