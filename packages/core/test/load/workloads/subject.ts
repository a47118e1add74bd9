import { codecOf } from '../../../src/load/client/codecs/index.js';
import type { Prompt, Prompts, PromptSet } from '../../../src/load/prompts/prompt.js';
import { promptSource } from '../../../src/load/prompts/source.js';
import type { LoadSpec } from '../../../src/load/spec/spec.js';
import type { Tokenizer } from '../../../src/tokenizer/tokenizer.js';
import { makePrompts } from '../../../src/load/workloads/index.js';
import { specFor } from '../specs.js';

export interface Subject {
  readonly prompts: LoadSpec['prompts'];
  readonly numPrompts?: number;
  readonly numWarmups?: number;
  readonly api?: LoadSpec['endpoint']['api'];
  readonly tokenizer?: Tokenizer;
  /** The number of tokens that the server counts in a text. */
  readonly countTokens?: (text: string) => number;
}

/** One token per letter or digit, but one token for a word of up to five letters after a space. */
export const toyTokenizer: Tokenizer = {
  vocabSize: 5000,
  encode: (text) => (text.match(/ [a-z]{1,5}\b|[^]/g) ?? []).map((_, i) => i),
  decode: (ids) => ids.map(String).join(' '),
};

/** Makes the prompts of a workload without an endpoint: `countTokens` counts texts, and ids are accepted as they are. */
export async function make(subject: Subject): Promise<Prompts> {
  const { numPrompts = 20, numWarmups = 5, api = 'completions', tokenizer, countTokens = wordsIn } = subject;
  const base = specFor({ url: 'http://127.0.0.1:1' });
  const spec = {
    ...base,
    endpoint: { ...base.endpoint, api },
    prompts: subject.prompts,
    numPrompts,
    numWarmups,
  };
  return makePrompts(subject.prompts, {
    spec,
    codec: codecOf(api),
    ...(tokenizer !== undefined && { tokenizer }),
    signal: new AbortController().signal,
    ask: ({ json }) => {
      const prompt = JSON.parse(json) as string | readonly unknown[];
      const serverPromptTokens = typeof prompt === 'string' ? countTokens(prompt) : prompt.length;
      return Promise.resolve({ state: 'completed', chunkMs: [], serverPromptTokens });
    },
  });
}

/** All prompts of a set, in order. */
export function promptsOf(set: PromptSet): Prompt[] {
  const source = promptSource(set);
  const count = set.kind === 'stored' ? set.store.offsets.length - 1 : set.items.length;
  return Array.from({ length: count }, (_, i) => source(i));
}

/** Prompts as they are sent: arrays of ids, or texts as arrays of words. */
export function contents(set: PromptSet): (readonly unknown[])[] {
  return promptsOf(set).map(({ json }) => {
    const prompt = JSON.parse(json) as string | readonly unknown[];
    return typeof prompt === 'string' ? prompt.split(' ') : prompt;
  });
}

/** How many leading elements two sequences share. */
export function commonLength(a: readonly unknown[], b: readonly unknown[]): number {
  const end = a.findIndex((value, i) => value !== b[i]);
  return end === -1 ? a.length : end;
}

/** The longest beginning that any two of the sequences share. */
export function longestCommon(sequences: readonly (readonly unknown[])[]): number {
  return sequences.reduce(
    (most, a, i) => sequences.slice(0, i).reduce((max, b) => Math.max(max, commonLength(a, b)), most),
    0,
  );
}

function wordsIn(text: string): number {
  return text.split(' ').length;
}
