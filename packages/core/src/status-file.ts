import type { RunStore } from './results/store.js';
import { loadFacts } from './schedule/load-fields.js';
import { STATUS_FILE, type StatusFile } from './schedule/status-schema.js';
import type { SweepState } from './sweep-state.js';

/** Milliseconds between two versions of the file. */
const EVERY_MS = 5_000;

/** Keeps a run's status.json. */
export interface StatusWriter {
  /** To be called when something has changed. */
  changed(): void;
  /** Writes it a last time. */
  end(): Promise<void>;
}

/**
 * The file is written at once when nothing was for a while, else some seconds later. It is for readers: that it can't be written stops no
 * sweep.
 */
export function keepStatus(
  { store, run }: { readonly store: Pick<RunStore, 'saveJson'>; readonly run: string },
  state: () => SweepState,
  everyMs = EVERY_MS,
): StatusWriter {
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();
  let writtenMs = -Infinity;
  const write = (): void => {
    timer = undefined;
    writtenMs = performance.now();
    const content = statusOf(run, state(), new Date());
    last = last.then(() => store.saveJson(STATUS_FILE, content)).catch(() => {});
  };
  return {
    changed() {
      timer ??= setTimeout(write, Math.max(0, writtenMs + everyMs - performance.now())).unref();
    },
    async end() {
      clearTimeout(timer);
      write();
      await last;
    },
  };
}

function statusOf(run: string, state: SweepState, time: Date): StatusFile {
  const { failures, open, queues, left, nodesLeftOut, ...counts } = state;
  const nowMs = performance.now();
  return {
    schema: 'sweepline.status/1',
    time: time.toISOString(),
    run,
    ...counts,
    failures: Object.fromEntries(failures),
    ...(left !== undefined && { leftS: left.seconds }),
    ...(left?.errorS !== undefined && { leftErrorS: left.errorS }),
    queues: queues.map(({ sessions: _, ...queue }) => queue),
    open: open.map(({ name, queue, phase, sinceMs, load }) => ({
      ...{ name, queue, phase, forS: (nowMs - sinceMs) / 1000 },
      ...(load !== undefined && phase === 'load' && { load: loadFacts(load) }),
    })),
    nodesLeftOut: [...nodesLeftOut],
  };
}
