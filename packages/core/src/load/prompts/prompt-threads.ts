import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { SweeplineError, messageOf } from '../../errors.js';
import type { Tokenizer } from '../../tokenizer/tokenizer.js';
import { THREADS_CAN_START, newThread } from '../new-thread.js';
import { MAKING_MB, sizeYoungGeneration } from '../run/young-generation.js';
import type { PromptThreadTask, PromptsWork } from './prompt-thread.js';
import { TextMaker, tokensOf, type MadeTexts, type TextJob } from './text-job.js';

/** Below this many tokens, making them here is faster than loading the tokenizer in a thread. */
const WORTH_A_THREAD = 2 ** 21;
/** Each has its own tokenizer, about 130 MB for current vocabularies; eight threads make ten million tokens in a few seconds. */
const MOST_THREADS = 8;
/** Longest time without giving way to other work while texts are made in this thread, ms. */
const SLICE_MS = 20;

/** How many threads in addition to this one are worth starting for a job: none if other threads can't load the tokenizer. */
export function threadsFor({ items }: TextJob, { origin }: Tokenizer): number {
  if (origin === undefined || !THREADS_CAN_START) return 0;
  return Math.min(availableParallelism() - 1, MOST_THREADS, Math.floor(tokensOf(items) / WORTH_A_THREAD));
}

/** Makes the texts of a job in this thread, and gives way to other work now and then. */
export async function makeHere(maker: TextMaker, signal: AbortSignal): Promise<MadeTexts> {
  let begun = performance.now();
  while (maker.step()) {
    if (performance.now() - begun < SLICE_MS) continue;
    await setImmediate();
    signal.throwIfAborted();
    begun = performance.now();
  }
  return maker.made();
}

/** Makes the texts of a job in this thread and in others; if one fails, the others stop. */
export async function makeTogether(
  job: TextJob,
  tokenizer: Tokenizer,
  threads: number,
  signal: AbortSignal,
): Promise<MadeTexts[]> {
  const file = tokenizer.origin?.file;
  const stop = new AbortController();
  const stopped = AbortSignal.any([signal, stop.signal]);
  sizeYoungGeneration(MAKING_MB);
  const others = file === undefined ? [] : Array.from({ length: threads }, () => ({ file, job }));
  try {
    return await Promise.all([
      ...others.map((task) => makeInThread(task, stopped)),
      makeHere(new TextMaker(job, tokenizer), stopped),
    ]);
  } finally {
    stop.abort();
  }
}

async function makeInThread(task: PromptThreadTask, signal: AbortSignal): Promise<MadeTexts> {
  signal.throwIfAborted();
  const worker = newThread({ does: 'prompts', task } satisfies PromptsWork);
  const stop = new AbortController();
  try {
    return await new Promise<MadeTexts>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: stop.signal });
      worker
        .on('message', resolve)
        .on('error', (error: unknown) => reject(failed(messageOf(error))))
        .on('exit', (code) => reject(failed(`it ended with code ${code}`)));
    });
  } finally {
    stop.abort();
    await worker.terminate();
  }
}

function failed(why: string): SweeplineError {
  return new SweeplineError('LOAD_FAILED', `a thread that makes prompts failed: ${why}`);
}
