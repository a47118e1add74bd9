import { messageOf, toSweeplineError, type SweeplineError } from '../errors.js';
import type { Logger } from '../logger.js';
import { inOrderOf } from '../results/in-order.js';
import { withMedianExported } from '../results/repeats.js';
import { runEnded } from '../results/run-info.js';
import type { RunInfo } from '../results/run-schema.js';
import type { Result } from '../results/schema.js';
import type { RunStore } from '../results/store.js';
import { saveSummary } from './save-summary.js';

/** Why a run that was stopped has ended early. */
export const STOPPED = 'stopped by a signal';

export interface SweepOutcome {
  readonly run: RunInfo;
  /** One per point that was saved, in the order of the run's points. */
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

/** What the work of a run reports. */
export interface Progress {
  readonly begins: (name: string) => void;
  /** Its result is saved. */
  readonly ended: (result: Result) => void;
}

/** How the work of a run has ended. */
export interface WorkEnd {
  /** Why it has ended early, if it has. */
  readonly early?: string | undefined;
  /** Why points have no result although it has not. */
  readonly leftOut?: string | undefined;
}

/**
 * Saves a run as begun, does its work, and closes it with its final state and the reports of the saved results.
 * @param earlier results that the run has already, asked for at its end
 */
export async function keepRun(
  begun: RunInfo,
  { store, now, logger }: RunKeeper,
  signal: AbortSignal,
  work: (progress: Progress) => Promise<WorkEnd>,
  earlier: () => Promise<readonly Result[]> = () => Promise.resolve([]),
): Promise<SweepOutcome> {
  const ended = new Map<string, Result>();
  const open = new Set<string>();
  const results = async (): Promise<readonly Result[]> =>
    withMedianExported(inOrderOf(begun.pointNames ?? [], [...(await earlier()), ...ended.values()]));
  try {
    await store.saveRun(begun);
    const { early, leftOut } = await work({
      begins: (name) => void open.add(name),
      ended(result) {
        open.delete(result.name);
        ended.set(result.name, result);
      },
    });
    const reason = signal.aborted ? STOPPED : early;
    const run =
      reason === undefined
        ? runEnded(begun, now(), 'finished', leftOut)
        : runEnded(begun, now(), 'interrupted', reason);
    const outcome = { run, results: await results() };
    await saveSummary(store, outcome);
    return outcome;
  } catch (thrown) {
    const failure = toSweeplineError(thrown, 'INTERNAL');
    const run = runEnded(begun, now(), 'failed', failure.message);
    const outcome = { run, results: await results(), begun: [...open] };
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
