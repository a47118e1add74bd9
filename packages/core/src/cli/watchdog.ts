import { isMainThread, Worker } from 'node:worker_threads';
import { limitS } from '../watch/limits.js';
import { onPackages } from '../watch/packages.js';
import { whiteboard, type Memory } from '../watch/whiteboard.js';

/** Milliseconds between two heartbeats. */
export const BEAT_MS = 250;

export interface WatchdogData {
  readonly memory: Memory;
  /** Seconds without a heartbeat after which the watchdog checks whose code blocks the event loop. */
  readonly blockedS: number;
}

export type WatchdogMessage =
  /** URL prefix of the modules of each plugin package. */
  | { readonly folders: Readonly<Record<string, string>> }
  /** The `run.json` of the current run. */
  | { readonly runs: readonly string[] };

export interface Watchdog {
  readonly watchRuns: (runs: readonly string[]) => void;
}

/**
 * A thread that ends the process when a plugin blocks the event loop for good; timers and signals can't run then. It starts with the first
 * plugin that is loaded, so commands without plugins have none.
 */
export function createWatchdog(): Watchdog {
  let thread: Worker | undefined;
  const post = (message: WatchdogMessage): void => thread?.postMessage(message);
  if (isMainThread) {
    onPackages((folders) => {
      thread ??= startThread();
      post({ folders });
    });
  }
  return {
    watchRuns(runs) {
      post({ runs });
    },
  };
}

function startThread(): Worker {
  const workerData: WatchdogData = { memory: whiteboard.memory, blockedS: limitS('blocked') };
  const thread = new Worker(new URL('./watchdog-thread.js', import.meta.url), { workerData, execArgv: [] });
  // Without it commands work as well, until a plugin hangs.
  thread.on('error', () => {});
  thread.unref();
  setInterval(() => whiteboard.beat(), BEAT_MS).unref();
  return thread;
}
