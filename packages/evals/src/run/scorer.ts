import { Worker } from 'node:worker_threads';
import { SweeplineError, messageOf, z } from '@sweepline/core';
import { patternsOf, type Scored } from '../task/scoring.js';
import type { Task } from '../task/schema.js';

/** Seconds that all patterns of an answer may take: they take microseconds unless one backtracks. */
const DEADLINE_S = 20;
const HEAP_MB = 512;

const replySchema = z.union([
  z.object({
    scored: z.array(
      z.object({ filter: z.string(), answer: z.string(), score: z.union([z.literal(0), z.literal(1)]) }),
    ),
  }),
  z.object({ problem: z.string() }),
]);

/** Scores answers in a thread, one after the other, and ends it when a pattern doesn't come to an end. */
export class Scorer implements AsyncDisposable {
  private readonly pattern = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  private readonly worker: Worker;
  private last: Promise<unknown> = Promise.resolve();
  private broken: SweeplineError | undefined;

  /** @param thread module that calls `scoreInThread` in a thread */
  constructor(
    private readonly task: Task,
    thread: URL,
    private readonly deadlineS = DEADLINE_S,
  ) {
    this.worker = new Worker(thread, {
      workerData: { task, pattern: this.pattern },
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    this.worker.unref();
  }

  /** @throws {SweeplineError} EVAL_FAILED with the pattern and the question that it doesn't come to an end on */
  score(answer: string, target: string, index: number): Promise<readonly Scored[]> {
    const scored = this.last.then(() => this.reply({ answer, target }, index));
    this.last = scored.catch(() => {});
    return scored;
  }

  private reply(request: object, index: number): Promise<readonly Scored[]> {
    return new Promise((resolve, reject) => {
      if (this.broken !== undefined) {
        reject(this.broken);
        return;
      }
      const fail = (problem: string): void => {
        this.broken = new SweeplineError(
          'EVAL_FAILED',
          `can't score the answer to question ${index}: ${problem}`,
        );
        finish();
        reject(this.broken);
      };
      const timer = setTimeout(() => {
        void this.worker.terminate();
        const pattern = patternsOf(this.task)[Atomics.load(new Int32Array(this.pattern), 0)] ?? 'a pattern';
        fail(`the pattern ${pattern} doesn't come to an end within ${this.deadlineS} s`);
      }, this.deadlineS * 1000);
      const onMessage = (message: unknown): void => {
        const reply = replySchema.parse(message);
        if ('problem' in reply) {
          fail(reply.problem);
          return;
        }
        finish();
        resolve(reply.scored);
      };
      const onError = (error: unknown): void => fail(messageOf(error));
      const onExit = (code: number): void => fail(`the thread that scores ended with code ${code}`);
      const finish = (): void => {
        clearTimeout(timer);
        this.worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      };
      this.worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      this.worker.postMessage(request);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker.terminate();
  }
}
