import { SweeplineError } from '../../errors.js';
import type { Tokenizer } from '../../tokenizer/tokenizer.js';
import type { RandomPrompts } from '../workloads/random-schema.js';
import { gather, type StorePlace } from './gather.js';
import { Mt19937 } from './mt19937.js';
import type { PromptStore } from './prompt.js';
import { makeHere, makeTogether, threadsFor } from './prompt-threads.js';
import { otherSeed, samplePrefix, sampleRandom, sizeOf, type RandomItem, type Vocabulary } from './random.js';
import { NOT_MADE, TextMaker, inTemplate, textJob, type TextItem, type TextJob } from './text-job.js';
import { apart, idsOf } from './token-ids.js';

export interface RandomTextOptions {
  readonly prompts: RandomPrompts;
  readonly numPrompts: number;
  readonly numWarmups: number;
  readonly tokenizer: Tokenizer;
  /** Each text is a user message in the model's chat template, which counts towards its length. */
  readonly useChatTemplate?: boolean;
  /** Threads that make texts in addition to this one; by default as many as are useful. */
  readonly threads?: number;
  readonly signal: AbortSignal;
}

export interface RandomTexts {
  readonly measured: PromptStore;
  readonly warmups: PromptStore;
}

/** Texts made one after the other if they need random ids. */
interface TextSet {
  readonly items: readonly TextItem[];
  readonly draw: (count: number) => number[];
}

/**
 * Random prompts as InferenceX sends them, the same texts for the same seed and tokenizer (`sample_random_requests` of its
 * utils/bench_serving/benchmark_serving.py), and warm-ups of other texts. The number of threads doesn't change the result. Since
 * April 2026 InferenceX makes texts in as many processes as the machine has cores, up to eight: the few texts with random ids
 * then depend on the machine. Here they are those of the earlier versions, on every machine.
 * @throws {SweeplineError} TOKENIZER_INVALID if a chat template is requested and there is none, WORKLOAD_INVALID if it takes up
 * the whole length, LOAD_FAILED if a thread fails.
 */
export async function makeRandomTexts(options: RandomTextOptions): Promise<RandomTexts> {
  const { measured, warmups } = setsOf(options);
  const job = jobOf([...measured.items, ...warmups.items], options);
  const places = await inThreads(job, options);
  const { length } = measured.items;
  return {
    measured: await complete(measured, places.slice(0, length), options),
    warmups: await complete(warmups, places.slice(length), options),
  };
}

function vocabularyOf({ prompts, tokenizer }: RandomTextOptions): Vocabulary {
  return prompts.vocabulary ?? { first: 0, end: tokenizer.vocabSize };
}

function jobOf(items: readonly TextItem[], options: RandomTextOptions): TextJob {
  return textJob(vocabularyOf(options), options.useChatTemplate === true, items);
}

function setsOf(options: RandomTextOptions): { readonly measured: TextSet; readonly warmups: TextSet } {
  const { prompts, numPrompts, numWarmups } = options;
  const vocabulary = vocabularyOf(options);
  const size = sizeOf(vocabulary);
  const templateLen = templateLength(options);
  const shape = { ...prompts, inputLen: prompts.inputLen - templateLen, vocabularySize: size };
  const random = new Mt19937(prompts.seed);
  const otherRandom = new Mt19937(otherSeed(prompts));
  const items = sampleRandom({ ...shape, count: numPrompts }, random);
  const others = apart(sampleRandom({ ...shape, count: numWarmups }, otherRandom), items, size);
  const setFrom = (from: readonly RandomItem[], first: number, prefix: number[], rest: Mt19937): TextSet => ({
    items: from.map((item, i) => ({
      ...idsOf(prompts, first + i, item, prefix, vocabulary),
      tokens: prefix.length + item.inputLen,
      requestedPromptTokens: prefix.length + item.inputLen + templateLen,
      requestedOutputTokens: item.outputLen,
    })),
    draw: (count) => rest.integers(vocabulary.first, vocabulary.end, count),
  });
  return {
    measured: setFrom(items, 0, samplePrefix(prompts, vocabulary), random),
    // Warm-ups have no prefix: no cache may hold it before the clock starts.
    warmups: setFrom(others, numPrompts, [], otherRandom),
  };
}

/** Tokens of a chat template around a user message, which InferenceX subtracts from the length. */
function templateLength({ prompts, tokenizer, useChatTemplate }: RandomTextOptions): number {
  if (useChatTemplate !== true) return 0;
  const length = tokenizer.encode(inTemplate('a', tokenizer)).length - 1;
  if (length < prompts.inputLen) return length;
  throw new SweeplineError(
    'WORKLOAD_INVALID',
    `prompts of ${prompts.inputLen} tokens have no room for the chat template's ${length}`,
    { where: { key: 'prompts.inputLen' }, hint: 'Ask for longer prompts' },
  );
}

/** The places of the texts that threads could make. Texts next to each other share pieces. */
async function inThreads(job: TextJob, options: RandomTextOptions): Promise<(StorePlace | undefined)[]> {
  const { tokenizer, signal, threads = threadsFor(job, tokenizer) } = options;
  const places = job.items.map((): StorePlace | undefined => undefined);
  if (threads === 0) return places;
  const order = job.items.map((_, i) => i).sort((a, b) => startOf(job, a) - startOf(job, b));
  const items = order.flatMap((i) => job.items[i] ?? []);
  for (const texts of await makeTogether({ ...job, items }, tokenizer, threads, signal)) {
    order.forEach((index, i) => {
      const at = texts.places[i] ?? NOT_MADE;
      if (at !== NOT_MADE) places[index] = { store: texts.store, at };
    });
  }
  return places;
}

function startOf({ items }: TextJob, index: number): number {
  return items[index]?.runs.at(-1)?.start ?? 0;
}

/** Makes the texts that no thread made. */
async function complete(
  { items, draw }: TextSet,
  places: readonly (StorePlace | undefined)[],
  options: RandomTextOptions,
): Promise<PromptStore> {
  const open = items.filter((_, i) => places[i] === undefined);
  const maker = new TextMaker(jobOf(open, options), options.tokenizer, draw);
  const { store } = await makeHere(maker, options.signal);
  let next = 0;
  return open.length === items.length ? store : gather(places.map((place) => place ?? { store, at: next++ }));
}
