import { join } from 'node:path';
import { makeRandomTexts, type RandomTextOptions } from '../../src/load/prompts/tokenized.js';
import { loadTokenizer } from '../../src/tokenizer/load-tokenizer.js';

export const TOKENIZERS = join(import.meta.dirname, '../fixtures/tokenizers');
export const byteLevel = await loadTokenizer(join(TOKENIZERS, 'byte-level'), {});

export type Wanted = Partial<Omit<RandomTextOptions, 'prompts'> & RandomTextOptions['prompts']>;

export function optionsFor({
  numPrompts,
  numWarmups,
  tokenizer,
  useChatTemplate,
  threads,
  signal,
  ...prompts
}: Wanted): RandomTextOptions {
  const base = {
    kind: 'random',
    form: 'text',
    inputLen: 40,
    outputLen: 10,
    rangeRatio: 0.5,
    seed: 0,
  } as const;
  return {
    prompts: { ...base, ...prompts },
    numPrompts: numPrompts ?? 20,
    numWarmups: numWarmups ?? 5,
    tokenizer: tokenizer ?? byteLevel,
    signal: signal ?? new AbortController().signal,
    ...(useChatTemplate !== undefined && { useChatTemplate }),
    ...(threads !== undefined && { threads }),
  };
}

/** Threads run the built code. */
export async function makeBuilt(options: RandomTextOptions) {
  const built = (await import(join(import.meta.dirname, '../../dist/load/prompts/tokenized.js'))) as {
    readonly makeRandomTexts: typeof makeRandomTexts;
  };
  return built.makeRandomTexts(options);
}
