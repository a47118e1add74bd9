import type { JoinedRun } from './joined-run.js';
import type { RunPart } from './run-part.js';

/*
 * How programs put runs together. Plugins import all of core whenever a command starts, but rarely do this: the code is loaded at the
 * first call.
 */

/**
 * Reads a run's folder as another machine left it, and compares its results with what its journal says of them. Nothing is written.
 * @throws {SweeplineError} RESULT_READ_FAILED when the run itself can't be read.
 */
export async function readRunPart(folder: string): Promise<RunPart> {
  return (await import('./run-part.js')).readRunPart(folder);
}

/**
 * Opens a run that is put together from parts, or makes the folder of a new one.
 * @param options `takeOver`: whether a process counts as ended that can't be seen from here
 * @throws {SweeplineError} USAGE if the folder is something else, RUN_BUSY, RESULT_WRITE_FAILED
 */
export async function openJoinedRun(
  folder: string,
  options: { readonly takeOver?: boolean } = {},
): Promise<JoinedRun> {
  return (await import('./joined-run.js')).openJoinedRun(folder, options);
}
