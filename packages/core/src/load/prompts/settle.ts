import type { Outcome } from '../exchange.js';
import type { PromptFacts } from '../record.js';
import type { LoadSpec } from '../spec.js';
import { calibrate } from './calibrate.js';
import type { Prompt, PromptSource } from './prompt.js';
import { sampleRandom, startOf, type RandomSample, type Vocabulary } from './random.js';
import { TextComposer } from './text.js';
import { IdRuns, tokenIdPrompts } from './token-ids.js';

/**
 * Sends a prompt outside of any measurement. Rejects when it fails; with `mayBeRefused` only when the endpoint didn't answer
 * at all.
 */
export type Ask = (prompt: Prompt, mayBeRefused?: boolean) => Promise<Outcome>;

/** The prompts of a run. Warm-ups and probes share no beginning with measured prompts, so that they warm no cache for them. */
export interface Prompts {
  readonly facts: PromptFacts;
  readonly measured: PromptSource;
  readonly warmups: PromptSource;
}

/**
 * Ids that are plain text in vocabularies of any model: those below are bytes, reserved or special in many, and no
 * vocabulary of a published LLM is known that ends below 30,000 (Llama 2 has 32,000, BERT's has 30,522).
 */
const SAFE_VOCABULARY: Vocabulary = { first: 1000, end: 30_000 };
/** Ids of the prompt that asks whether the endpoint takes token ids. */
const PROBE_LENGTH = 24;
/** A server that reads ids as ids adds no more special tokens than this. */
const MOST_SPECIAL_TOKENS = 4;
/** Texts of measured prompts, warm-ups and probes come from streams this far apart. */
const STREAMS_APART = 2 ** 30;

export async function settlePrompts(spec: LoadSpec, ask: Ask): Promise<Prompts> {
  const { form } = spec.prompts;
  if (form === 'text') return textPrompts(spec, ask, []);
  if (spec.endpoint.api === 'chat')
    return textPrompts(spec, ask, form === 'auto' ? [] : ['the chat API takes text only']);
  const ids = tokenIds(spec);
  const answer = await ask(ids.probe, form === 'auto');
  const refusal = whyNotIds(answer, ids.probe);
  if (refusal !== undefined && form === 'auto') {
    return textPrompts(spec, ask, [`prompts are text, as the endpoint doesn't take token ids: ${refusal}`]);
  }
  const notes = refusal === undefined ? noUsage(answer) : [refusal];
  return { ...ids.prompts, facts: { ...ids.prompts.facts, notes: [...ids.prompts.facts.notes, ...notes] } };
}

function whyNotIds(answer: Outcome, probe: Prompt): string | undefined {
  if (answer.state !== 'completed') return answer.error?.message ?? answer.state;
  if (answer.serverPromptTokens === undefined) return undefined;
  const extra = answer.serverPromptTokens - probe.requestedPromptTokens;
  if (extra >= 0 && extra <= MOST_SPECIAL_TOKENS) return undefined;
  return `it counted ${answer.serverPromptTokens} prompt tokens where ${probe.requestedPromptTokens} were sent`;
}

function noUsage(answer: Outcome): string[] {
  return answer.serverPromptTokens === undefined
    ? ['the server gives no prompt_tokens: prompt lengths are unchecked']
    : [];
}

function sample(spec: LoadSpec, count: number, seed: number, vocabularySize: number): RandomSample {
  const { inputLen, outputLen, rangeRatio } = spec.prompts;
  return sampleRandom({ seed, count, inputLen, outputLen, rangeRatio }, vocabularySize);
}

/** Another seed, far from those that people choose. */
function warmupSeed(spec: LoadSpec): number {
  return (spec.prompts.seed ^ 0x9e3779b9) >>> 0;
}

function tokenIds(spec: LoadSpec): { readonly probe: Prompt; readonly prompts: Prompts } {
  const vocabulary = spec.prompts.vocabulary ?? SAFE_VOCABULARY;
  const size = vocabulary.end - vocabulary.first;
  const runs = new IdRuns(vocabulary);
  const measured = sample(spec, spec.numPrompts, spec.prompts.seed, size);
  const starts = new Set(measured.offsets.map((_, index) => startOf(measured, index, size)));
  const others = sample(spec, spec.numWarmups + 1, warmupSeed(spec), size);
  const apart = tokenIdPrompts(others, runs, size, starts);
  const notes =
    spec.prompts.vocabulary === undefined
      ? [
          `the vocabulary is unknown: token ids are of [${vocabulary.first}, ${vocabulary.end}), which holds plain text in any known model`,
        ]
      : [];
  const short = { ...others, inputLens: others.inputLens.map(() => PROBE_LENGTH) };
  return {
    probe: { ...tokenIdPrompts(short, runs, size, starts)(spec.numWarmups), requestedOutputTokens: 1 },
    prompts: {
      facts: { form: 'token-ids', vocabulary, notes },
      measured: tokenIdPrompts(measured, runs, size),
      warmups: apart,
    },
  };
}

async function textPrompts(spec: LoadSpec, ask: Ask, notes: readonly string[]): Promise<Prompts> {
  const { inputLen, seed } = spec.prompts;
  const stream = (place: number) => (Math.imul(seed, 0x85ebca6b) + place) >>> 0;
  const count = async (text: string) => (await ask(probeOf(text))).serverPromptTokens;
  const { costs, notes: found } = await calibrate(count, inputLen, stream(STREAMS_APART));
  const composer = new TextComposer(costs, inputLen);
  const source =
    (lengths: RandomSample, first: number): PromptSource =>
    (index) => {
      const requestedPromptTokens = lengths.inputLens[index] ?? 1;
      return {
        json: JSON.stringify(composer.compose(requestedPromptTokens, stream(first + index))),
        requestedPromptTokens,
        requestedOutputTokens: lengths.outputLens[index] ?? 1,
      };
    };
  return {
    facts: { form: 'text', notes: [...notes, ...found] },
    measured: source(sample(spec, spec.numPrompts, seed, 1), 0),
    warmups: source(sample(spec, spec.numWarmups, warmupSeed(spec), 1), 2 * STREAMS_APART),
  };
}

function probeOf(text: string): Prompt {
  return { json: JSON.stringify(text), requestedPromptTokens: 0, requestedOutputTokens: 1 };
}
