import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

const EXTENSION = extname(import.meta.url);
/** Where threads begin. In the client bundle it is the bundle itself: load-client.mjs, which this file is then part of. */
const ENTRY = new URL(`./load-client${EXTENSION}`, import.meta.url);

/** TypeScript's sources can't be loaded by threads. */
export const THREADS_CAN_START = EXTENSION !== '.ts';

/** Starts a thread of this load process: `work` is one of those that load-client.ts knows. */
export function newThread(work: { readonly does: string; readonly task: unknown }): Worker {
  // What this process was told of how to find its program doesn't fit a thread.
  return new Worker(ENTRY, { workerData: work, execArgv: [] });
}
