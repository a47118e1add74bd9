import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SweeplineError, createMask, messageOf, toJson, writeAtomic, writing } from '@sweepline/core';
import { NoAnswer, ask, type Given, type Server } from './ask.js';
import { agentFor } from './post.js';
import { prepare, type Asked, type Prepared } from './prepare.js';
import { requestBody } from './request.js';
import { RESULTS, resultsOf, resultsSchema, type Results } from './results.js';
import { SamplesFile, type Sample } from './samples.js';
import { Scorer } from './scorer.js';
import type { Settings } from './settings.js';

/** How far an eval is. */
export interface Progress {
  /** Questions answered and scored, with those of an earlier run. */
  readonly done: number;
  readonly of: number;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Module that calls `scoreInThread` in a thread. */
  readonly thread: URL;
  /** Holds the server's key. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onProgress?: (progress: Progress) => void;
  readonly wait?: Server['wait'];
  /** Seconds that the patterns of an answer may take. */
  readonly patternDeadlineS?: number;
}

/**
 * Asks all questions of a task, and writes samples.jsonl and results.json. A question without an answer is never scored: then no further
 * ones are asked, what was answered is kept, and there are no results. lm-eval's `local-chat-completions` fails as well, and keeps nothing.
 * @throws {SweeplineError} EVAL_FAILED with the number of questions without an answer; INTERRUPTED; and those of its parts
 */
export async function runEval(settings: Settings, options: RunOptions): Promise<Results> {
  const server = serverOf(settings, options);
  const prepared = await prepare(settings);
  const { identity, questions } = prepared;
  if (questions.length === 0)
    throw new SweeplineError('WORKLOAD_INVALID', 'there are no questions', {
      where: { file: settings.task },
    });
  try {
    await using file = await SamplesFile.open(settings.output, identity, questions, settings.resume);
    // Of an earlier run with the same questions; until this one ends there are none.
    const path = join(settings.output, RESULTS);
    await writing(path, () => rm(path, { force: true }));
    const samples = await answered(prepared, file, server, settings, options);
    const results = resultsSchema.parse(resultsOf(prepared.task, identity, samples, prepared.of));
    await writing(path, () => writeAtomic(path, toJson(results)));
    return results;
  } catch (thrown) {
    if (!options.signal.aborted || thrown instanceof SweeplineError) throw thrown;
    throw new SweeplineError('INTERRUPTED', 'the eval was stopped; its answers are kept', { cause: thrown });
  } finally {
    server.agent.destroy();
  }
}

function serverOf(
  { baseUrl, concurrency, apiKeyEnv, maxAttempts, requestTimeoutS }: Settings,
  { env, wait }: RunOptions,
): Server {
  const url = new URL(`${baseUrl.replace(/\/+$/u, '')}/v1/chat/completions`);
  const key = apiKeyEnv === undefined ? undefined : env[apiKeyEnv];
  if (apiKeyEnv !== undefined && (key === undefined || key === ''))
    throw new SweeplineError('USAGE', `the environment variable ${apiKeyEnv} is empty or not set`);
  return {
    url,
    agent: agentFor(url, concurrency),
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    mask: createMask(key === undefined ? [] : [key]),
    ...{ maxAttempts, requestTimeoutS },
    ...(wait !== undefined && { wait }),
  };
}

/** The samples of all questions, in their order. */
async function answered(
  { task, identity, questions }: Prepared,
  file: SamplesFile,
  server: Server,
  { model, concurrency }: Settings,
  { signal, thread, onProgress, patternDeadlineS }: RunOptions,
): Promise<readonly Sample[]> {
  await using scorer = new Scorer(task, thread, patternDeadlineS);
  const samples = new Map(file.earlier);
  const [{ metric }] = task.metric_list;
  const report = (): void => onProgress?.({ done: samples.size, of: questions.length });
  const failed: { readonly index: number; readonly reason: string }[] = [];
  report();
  await inFlight(
    questions.filter(({ docId }) => !samples.has(docId)),
    concurrency,
    async (question) => {
      try {
        const body = requestBody(question.messages, model, identity.request);
        const given = await ask(server, body, signal);
        const scored = await scorer.score(given.text, question.target, question.docId);
        const sample = sampleOf(question, given, {
          filtered: Object.fromEntries(scored.map(({ filter, answer }) => [filter, answer])),
          scores: { [metric]: Object.fromEntries(scored.map(({ filter, score }) => [filter, score])) },
        });
        await file.add(sample);
        samples.set(question.docId, sample);
        report();
        return true;
      } catch (thrown) {
        if (!(thrown instanceof NoAnswer)) throw thrown;
        failed.push({ index: question.docId, reason: messageOf(thrown) });
        return false;
      }
    },
  );
  const [first] = failed;
  if (first !== undefined) throw unanswered(failed.length, samples.size, questions.length, first);
  return questions.flatMap(({ docId }) => samples.get(docId) ?? []);
}

function sampleOf(
  { docId, docDigest, promptDigest, target }: Asked,
  { text, from, reasoning, finish, usage, attempts, ms }: Given,
  scored: Pick<Sample, 'filtered' | 'scores'>,
): Sample {
  return {
    ...{ index: docId, doc: docDigest, prompt: promptDigest, target, answer: text, from },
    ...(reasoning !== undefined && { reasoning }),
    ...(finish !== undefined && { finish }),
    ...(usage !== undefined && { usage }),
    ...scored,
    ...{ attempts, ms },
  };
}

/** Does something with each item, several at a time, until it gives false or throws; those in flight then come to their end. */
async function inFlight<T>(
  items: readonly T[],
  most: number,
  each: (item: T) => Promise<boolean>,
): Promise<void> {
  let next = 0;
  let isEnded = false;
  const work = async (): Promise<void> => {
    while (!isEnded && next < items.length) {
      try {
        if (!(await each(items[next++]!))) isEnded = true;
      } catch (thrown) {
        isEnded = true;
        throw thrown;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(most, items.length) }, work));
  const thrown = ended.find((one) => one.status === 'rejected');
  if (thrown !== undefined) throw thrown.reason;
}

function unanswered(
  failed: number,
  done: number,
  of: number,
  first: { readonly index: number; readonly reason: string },
): SweeplineError {
  const left = of - done - failed;
  return new SweeplineError(
    'EVAL_FAILED',
    `${failed} of ${of} questions have no answer${left > 0 ? `, and ${left} were not asked` : ''}; question ${first.index}: ${first.reason}`,
    { hint: `${done} answers are kept: run the eval again with --resume, and only the others are asked.` },
  );
}
