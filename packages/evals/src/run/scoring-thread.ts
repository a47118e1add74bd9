import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { messageOf, z } from '@sweepline/core';
import { patternsOf, scorerOf } from '../task/scoring.js';
import { taskSchema } from '../task/schema.js';

const dataSchema = z.object({ task: taskSchema, pattern: z.instanceof(SharedArrayBuffer) });
const requestSchema = z.object({ answer: z.string(), target: z.string() });

/** Scores what the main thread sends, in a thread that can be ended: a pattern may backtrack without end. */
export function scoreInThread(port: MessagePort | null = parentPort): void {
  const { task, pattern } = dataSchema.parse(workerData);
  const patterns = patternsOf(task);
  const current = new Int32Array(pattern);
  const score = scorerOf(task, (applied) => Atomics.store(current, 0, patterns.indexOf(applied)));
  port?.on('message', (message: unknown) => {
    const { answer, target } = requestSchema.parse(message);
    try {
      port.postMessage({ scored: score(answer, target) });
    } catch (thrown) {
      port.postMessage({ problem: messageOf(thrown) });
    }
  });
}
