import type { RandomPrompts } from '../workloads/random-schema.js';
import type { WorkloadContext } from '../workloads/workload.js';
import type { Tokenizer } from '../../tokenizer/tokenizer.js';
import { itemAt, packItems, type IdItem, type IdRunSet } from './id-items.js';
import { IdRuns, type IdRun } from './id-runs.js';
import { markOf } from './mark.js';
import type { Prompt, Prompts, PromptSource, WantedForm } from './prompt.js';
import {
  measuredSample,
  otherSample,
  samplePrefix,
  sizeOf,
  type RandomItem,
  type Vocabulary,
} from './random.js';

/**
 * Ids that are plain text in vocabularies of any model: in many, lower ids are bytes, reserved or special, and no published LLM
 * is known whose vocabulary ends below 30,000 (Llama 2's has 32,000 ids, BERT's 30,522).
 */
const SAFE_VOCABULARY: Vocabulary = { first: 1000, end: 30_000 };
/** Used if that is refused: a model with a toy vocabulary, whose ids below 256 may be bytes. */
const SMALL_VOCABULARY: Vocabulary = { first: 256, end: 1000 };
/** Ids of the prompt that tests whether the endpoint accepts token ids. */
export const PROBE_LENGTH = 24;

/** Prompts of token ids, and a short one that tests whether the endpoint accepts them. */
export function tokenIdPrompts(
  prompts: RandomPrompts,
  spec: WorkloadContext['spec'],
  vocabulary: Vocabulary,
  notes: readonly string[],
): { readonly probe: Prompt; readonly prompts: Prompts } {
  const size = sizeOf(vocabulary);
  const { numPrompts, numWarmups } = spec;
  const measured = measuredSample(prompts, numPrompts, size);
  const others = apart(otherSample(prompts, numWarmups + 1, size), measured, size);
  const setOf = (items: readonly RandomItem[], first: number, prefix: readonly number[]): IdRunSet => ({
    kind: 'id-runs',
    vocabulary,
    ...(prefix.length > 0 && prompts.bustCache === undefined && { prefix }),
    items: packItems(
      items.map((item, i) => ({
        runs: idsOf(prompts, first + i, item, prefix, vocabulary).runs,
        outputLen: item.outputLen,
      })),
    ),
  });
  const probe = { runs: [{ start: others[numWarmups]?.start ?? 0, length: PROBE_LENGTH }], outputLen: 1 };
  return {
    probe: idPrompt(probe, new IdRuns(vocabulary)),
    prompts: {
      facts: { form: 'token-ids', vocabulary, notes },
      measured: setOf(measured, 0, samplePrefix(prompts, vocabulary)),
      // Warm-ups have no prefix: no cache may hold it before the clock starts.
      warmups: setOf(others.slice(0, numWarmups), numPrompts, []),
    },
  };
}

/** Vocabularies to try, in this order. */
export function vocabulariesFor(
  { vocabulary }: Pick<WantedForm, 'vocabulary'>,
  tokenizer: Tokenizer | undefined,
): readonly Vocabulary[] {
  if (vocabulary !== undefined) return [vocabulary];
  return tokenizer === undefined
    ? [SAFE_VOCABULARY, SMALL_VOCABULARY]
    : [{ first: 0, end: tokenizer.vocabSize }];
}

export function idRunSource({ vocabulary, prefix = [], items }: IdRunSet): PromptSource {
  const runs = new IdRuns(vocabulary);
  const before = { json: prefix.join(','), length: prefix.length };
  return (index) => idPrompt(itemAt(items, index), runs, before);
}

export function idPrompt(
  { runs, outputLen }: IdItem,
  ids: IdRuns,
  prefix: { readonly json: string; readonly length: number } = { json: '', length: 0 },
): Prompt {
  const tokens = runs.reduce((sum, { length }) => sum + length, prefix.length);
  return {
    json: ids.json(runs, prefix.json),
    lengths: { promptTokens: tokens, requestedPromptTokens: tokens, requestedOutputTokens: outputLen },
  };
}

/** Runs of one id each. */
export function singles(digits: readonly number[]): IdRun[] {
  return digits.map((start) => ({ start, length: 1 }));
}

/** The ids of a prompt after its prefix. A mark must come first: the prefix is then part of the runs. */
export function idsOf(
  { bustCache }: RandomPrompts,
  index: number,
  { inputLen, start }: RandomItem,
  prefix: readonly number[],
  vocabulary: Vocabulary,
): { readonly prefix: readonly number[]; readonly runs: readonly IdRun[] } {
  if (bustCache === undefined) return { prefix, runs: [{ start, length: inputLen }] };
  const mark = markOf(bustCache, index, sizeOf(vocabulary)).slice(0, prefix.length + inputLen);
  const rest = prefix.slice(mark.length).map((id) => id - vocabulary.first);
  const taken = Math.max(mark.length - prefix.length, 0);
  return {
    prefix: [],
    runs: [...singles([...mark, ...rest]), { start: start + taken, length: inputLen - taken }],
  };
}

/** Items that start at none of the measured ones' ids, as long as other ids are free. */
export function apart(
  items: readonly RandomItem[],
  measured: readonly RandomItem[],
  size: number,
): RandomItem[] {
  const taken = new Set(measured.map(({ start }) => start));
  const isFull = taken.size >= size;
  return items.map((item) => {
    let { start } = item;
    while (!isFull && taken.has(start)) start = (start + 1) % size;
    return { ...item, start };
  });
}
