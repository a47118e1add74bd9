import { basename } from 'node:path';
import type { ClientLimits } from '../load/spec/client-limits.js';
import type { PlannedPoint } from '../plan/plan.js';
import type { RunInfo } from '../results/run-schema.js';
import type { RunStore } from '../results/store.js';
import type { Journal, JournalEntry } from '../schedule/journal.js';
import { keepStatus } from '../status-file.js';
import type { SweepDeps, SweepEvent } from '../sweep.js';
import type { App } from './app.js';
import { createEventFile } from './event-file.js';
import { createProgress } from './progress.js';

export interface Watched {
  readonly store: RunStore;
  readonly journal: Journal;
  readonly limits: ClientLimits;
  /** That are to be measured now. */
  readonly points: readonly PlannedPoint[];
  readonly earlier?: SweepDeps['earlier'];
  /** The file of --events. */
  readonly events: string | undefined;
}

/** Everything that follows a sweep: the terminal, --events, status.json and the journal. */
export interface Watchers {
  readonly onEvent: (event: SweepEvent) => void;
  /** Nothing is drawn any more. */
  readonly stop: () => void;
  /** Resolves when all is written. */
  end(run: RunInfo): Promise<void>;
}

export function createWatchers(app: App, watched: Watched): Watchers {
  const { store, journal, limits, points, earlier } = watched;
  const run = basename(store.folder);
  const followed = {
    points: earlier?.pointNames.length ?? points.length,
    measured: points.filter(({ state }) => state === 'planned').length,
    ...(earlier !== undefined && { earlier: earlier.kept }),
  };
  const progress = createProgress(app.terminal, { ...followed, limits });
  const status = keepStatus({ store, run }, progress.state);
  const events = createEventFile(app, watched.events, run);
  events.begun(points.length);
  return {
    onEvent(event) {
      progress.onEvent(event);
      events.onEvent(event);
      status.changed();
      const entry = entryOf(event);
      if (entry !== undefined) journal.append(entry).catch(() => {}); // the next one fails too, and is waited for
    },
    stop: progress.end,
    async end(ended) {
      await status.end();
      await events.ended(ended);
    },
  };
}

/** What the journal has of an event; most of it has it from the store. */
function entryOf(event: SweepEvent): JournalEntry | undefined {
  if (event.type === 'node-left-out') return event;
  if (event.type !== 'points-left-out') return undefined;
  const { type, names, reason } = event;
  return { type, names, reason };
}
