import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

const EXTENSION = extname(import.meta.url);
/** Entry point of threads. In the client bundle it is the bundle itself, load-client.mjs, which includes this file. */
const ENTRY = new URL(`./load-client${EXTENSION}`, import.meta.url);

/** Threads can't load TypeScript sources. */
export const THREADS_CAN_START = EXTENSION !== '.ts';

/** Starts a thread of this load process; `work` is one of the kinds in load-client.ts. */
export function newThread(work: { readonly does: string; readonly task: unknown }): Worker {
  // This process's arguments for finding its program don't apply to a thread.
  return new Worker(ENTRY, { workerData: work, execArgv: [] });
}
