import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PromptThreadTask } from './prompts/prompt-thread.js';
import type { ShardTask } from './run/shard.js';

/** What a thread of a load process is started for. */
export type ThreadWork =
  | { readonly does: 'send'; readonly task: ShardTask }
  | { readonly does: 'prompts'; readonly task: PromptThreadTask };

const EXTENSION = extname(import.meta.url);
/** Where threads begin. In the client bundle it is the bundle itself: load-client.mjs, which this file is then part of. */
const ENTRY = new URL(`./load-client${EXTENSION}`, import.meta.url);

/** TypeScript's sources can't be loaded by threads. */
export const THREADS_CAN_START = EXTENSION !== '.ts';

/** Starts a thread of this load process. */
export function newThread(work: ThreadWork): Worker {
  // What this process was told of how to find its program doesn't fit a thread.
  return new Worker(ENTRY, { workerData: work, execArgv: [] });
}
