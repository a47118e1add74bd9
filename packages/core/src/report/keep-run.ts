import { messageOf, toSweeplineError, type SweeplineError } from '../errors.js';
import type { Logger } from '../logger.js';
import { runEnded } from '../results/run-info.js';
import type { RunInfo } from '../results/run-schema.js';
import type { Result } from '../results/schema.js';
import type { RunStore } from '../results/store.js';
import { saveSummary } from './save-summary.js';

export interface SweepOutcome {
  readonly run: RunInfo;
  /** One per point that was begun and saved, in order. */
  readonly results: readonly Result[];
  /** Points that were begun and could not be saved. */
  readonly begun?: readonly string[];
  /** Why the sweep ended early: results could no longer be saved. */
  readonly failure?: SweeplineError;
}

export interface RunKeeper {
  readonly store: RunStore;
  readonly now: () => Date;
  readonly logger: Logger;
}

/**
 * Saves a run as begun, does its work, and closes it with its final state and the reports of the saved results.
 * @param work returns why it has ended early, if it has
 * @param earlier results that the run has already
 */
export async function keepRun(
  begun: RunInfo,
  { store, now, logger }: RunKeeper,
  signal: AbortSignal,
  work: (keep: (result: Result) => void) => Promise<string | undefined>,
  earlier: readonly Result[] = [],
): Promise<SweepOutcome> {
  const results = [...earlier];
  let isOpen = false;
  try {
    await store.saveRun(begun);
    isOpen = true;
    const early = await work((result) => results.push(result));
    const reason = signal.aborted ? 'stopped by a signal' : early;
    const run =
      reason === undefined
        ? runEnded(begun, now(), 'finished')
        : runEnded(begun, now(), 'interrupted', reason);
    await saveSummary(store, { run, results });
    return { run, results };
  } catch (thrown) {
    const failure = toSweeplineError(thrown, 'INTERNAL');
    const run = runEnded(begun, now(), 'failed', failure.message);
    const saved = new Set(results.map(({ name }) => name));
    const unsaved = isOpen ? (begun.pointNames ?? []).filter((name) => !saved.has(name)).slice(0, 1) : [];
    const outcome = { run, results, begun: unsaved };
    await saveWhatFits(store, logger, outcome);
    return { ...outcome, failure };
  }
}

/** After a failure to save: tries to write a report of what was saved before, without raising another error. */
async function saveWhatFits(store: RunStore, logger: Logger, outcome: SweepOutcome): Promise<void> {
  const warn = (file: string) => (thrown: unknown) => {
    logger.warn(`${file} could not be saved either: ${messageOf(thrown)}`);
  };
  await store.saveRun(outcome.run).catch(warn('run.json'));
  await saveSummary(store, outcome).catch(warn('the report'));
}
