import type { RandomPrompts } from '../workloads/random.js';
import type { LoadSpec } from '../spec.js';
import { IdRuns } from './id-runs.js';
import type { Prompt, Prompts, PromptSource } from './prompt.js';
import { measuredSample, otherSample, sizeOf, type RandomItem, type Vocabulary } from './random.js';

/**
 * Ids that are plain text in vocabularies of any model: those below are bytes, reserved or special in many, and no
 * vocabulary of a published LLM is known that ends below 30,000 (Llama 2's has 32,000 ids, BERT's 30,522).
 */
const SAFE_VOCABULARY: Vocabulary = { first: 1000, end: 30_000 };
/** Where that is refused: a model with a toy's vocabulary, whose ids below 256 may be bytes. */
const SMALL_VOCABULARY: Vocabulary = { first: 256, end: 1000 };
/** Ids of the prompt that asks whether the endpoint takes token ids. */
const PROBE_LENGTH = 24;

/** Prompts of consecutive ids: three numbers tell each, and its JSON is cut out when it is sent. */
export interface IdRunSet {
  readonly kind: 'id-runs';
  readonly vocabulary: Vocabulary;
  readonly items: readonly RandomItem[];
}

/** Prompts of token ids, and a short one that asks whether the endpoint takes them. */
export function tokenIdPrompts(
  prompts: RandomPrompts,
  spec: LoadSpec,
  vocabulary: Vocabulary,
): { readonly probe: Prompt; readonly prompts: Prompts } {
  const size = sizeOf(vocabulary);
  const measured = measuredSample(prompts, spec.numPrompts, size);
  const warmups = apart(otherSample(prompts, spec.numWarmups + 1, size), measured, size);
  const probe = { inputLen: PROBE_LENGTH, outputLen: 1, start: itemAt(warmups, spec.numWarmups).start };
  return {
    probe: promptOf(probe, new IdRuns(vocabulary)),
    prompts: {
      facts: { form: 'token-ids', vocabulary, notes: notesOn(prompts, vocabulary) },
      measured: { kind: 'id-runs', vocabulary, items: measured },
      warmups: { kind: 'id-runs', vocabulary, items: warmups },
    },
  };
}

/** Vocabularies to try, one after the other. */
export function vocabulariesFor({ vocabulary }: RandomPrompts): readonly Vocabulary[] {
  return vocabulary === undefined ? [SAFE_VOCABULARY, SMALL_VOCABULARY] : [vocabulary];
}

export function idRunSource({ vocabulary, items }: IdRunSet): PromptSource {
  const runs = new IdRuns(vocabulary);
  return (index) => promptOf(itemAt(items, index), runs);
}

/** Items whose starts are none of the measured ones', as long as any other is free. */
function apart(items: readonly RandomItem[], measured: readonly RandomItem[], size: number): RandomItem[] {
  const taken = new Set(measured.map(({ start }) => start));
  const isFull = taken.size >= size;
  return items.map((item) => {
    let { start } = item;
    while (!isFull && taken.has(start)) start = (start + 1) % size;
    return { ...item, start };
  });
}

function promptOf({ inputLen, outputLen, start }: RandomItem, runs: IdRuns): Prompt {
  return {
    json: runs.json(start, inputLen),
    lengths: { promptTokens: inputLen, requestedPromptTokens: inputLen, requestedOutputTokens: outputLen },
  };
}

function notesOn(prompts: RandomPrompts, { first, end }: Vocabulary): string[] {
  if (prompts.vocabulary !== undefined) return [];
  return [
    `the vocabulary is unknown: token ids are of [${first}, ${end}), which is plain text in any known model`,
  ];
}

export function itemAt(items: readonly RandomItem[], index: number): RandomItem {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no prompt ${index} of ${items.length}`);
  return item;
}
