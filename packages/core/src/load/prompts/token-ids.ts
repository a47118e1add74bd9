import type { LoadSpec } from '../spec.js';
import { IdRuns } from './id-runs.js';
import type { Prompt, Prompts } from './prompt.js';
import { measuredSample, otherSample, sizeOf, type RandomItem, type Vocabulary } from './random.js';

/**
 * Ids that are plain text in vocabularies of any model: those below are bytes, reserved or special in many, and no
 * vocabulary of a published LLM is known that ends below 30,000 (Llama 2's has 32,000 ids, BERT's 30,522).
 */
const SAFE_VOCABULARY: Vocabulary = { first: 1000, end: 30_000 };
/** Ids of the prompt that asks whether the endpoint takes token ids. */
const PROBE_LENGTH = 24;

/** Prompts of token ids, and a short one that asks whether the endpoint takes them. */
export function tokenIdPrompts(spec: LoadSpec): { readonly probe: Prompt; readonly prompts: Prompts } {
  const vocabulary = spec.prompts.vocabulary ?? SAFE_VOCABULARY;
  const size = sizeOf(vocabulary);
  const runs = new IdRuns(vocabulary);
  const measured = measuredSample(spec, size);
  const warmups = apart(otherSample(spec, spec.numWarmups + 1, size), measured, size);
  const probe = { inputLen: PROBE_LENGTH, outputLen: 1, start: itemAt(warmups, spec.numWarmups).start };
  return {
    probe: promptOf(probe, runs),
    prompts: {
      facts: { form: 'token-ids', vocabulary, notes: notesOn(spec, vocabulary) },
      measured: (index) => promptOf(itemAt(measured, index), runs),
      warmups: (index) => promptOf(itemAt(warmups, index), runs),
    },
  };
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

function notesOn(spec: LoadSpec, { first, end }: Vocabulary): string[] {
  if (spec.prompts.vocabulary !== undefined) return [];
  return [
    `the vocabulary is unknown: token ids are of [${first}, ${end}), which is plain text in any known model`,
  ];
}

export function itemAt(items: readonly RandomItem[], index: number): RandomItem {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no prompt ${index} of ${items.length}`);
  return item;
}
