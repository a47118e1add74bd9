import { isMainThread, Worker } from 'node:worker_threads';
import { limitS } from '../watch/limits.js';
import { onPackages } from '../watch/packages.js';
import { whiteboard, type Memory } from '../watch/whiteboard.js';

/** Milliseconds between two signs of life. */
export const BEAT_MS = 250;

export interface WatchdogData {
  readonly memory: Memory;
  /** Seconds without a sign of life after which it is looked whose code keeps the event loop. */
  readonly blockedS: number;
}

export type WatchdogMessage =
  /** What the addresses of each plugin package's modules begin with. */
  | { readonly folders: Readonly<Record<string, string>> }
  /** The `run.json` of a run that is under way. */
  | { readonly runs: readonly string[] };

export interface Watchdog {
  readonly watchRuns: (runs: readonly string[]) => void;
}

/**
 * A thread that ends the process when code of a plugin keeps the event loop for good, where neither timers nor signals get a turn. It
 * is started with the first plugin that is loaded: commands without plugins have none.
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
  // Without it commands are as good, until a plugin hangs.
  thread.on('error', () => {});
  thread.unref();
  setInterval(() => whiteboard.beat(), BEAT_MS).unref();
  return thread;
}
