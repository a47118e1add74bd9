import { messageOf } from '../errors.js';
import type { PlannedPoint } from '../plan/plan.js';
import { nameOfPoint } from '../plan/repeats.js';
import { readResultLines } from '../results/result-lines.js';
import type { Result } from '../results/schema.js';
import type { App } from './app.js';
import { findRun } from './run-folder.js';

export interface OtherRuns {
  /** Their folders, or their names among the results. */
  readonly runs: readonly string[];
  readonly resultsDir: string | undefined;
  /** What is to be measured. */
  readonly points: readonly PlannedPoint[];
  /** Whether the sweep has begun before: it goes on, whatever has become of the others. */
  readonly isResumed: boolean;
}

/**
 * What other runs have measured of these points, and where. A run that has none of them is warned about: it changes nothing.
 * @throws {SweeplineError} RESULT_READ_FAILED for a run that is not there
 */
export async function resultsElsewhere(
  app: App,
  { runs, resultsDir, points, isResumed }: OtherRuns,
): Promise<readonly Result[]> {
  const names = new Set(points.map(nameOfPoint));
  const found: Result[] = [];
  for (const run of runs) {
    const results = await resultsIn(run).catch((error: unknown) => {
      if (!isResumed) throw error;
      app.logger.warn(`--other-nodes-than: ${messageOf(error)}`);
    });
    if (results?.length === 0)
      app.logger.warn(`--other-nodes-than: ${run} has measured none of these points`);
    found.push(...(results ?? []));
  }
  return found;

  async function resultsIn(run: string): Promise<readonly Result[]> {
    const { lines } = await readResultLines(await findRun(app, run, resultsDir));
    return lines
      .map(({ result }) => result)
      .filter(({ name, point = name, provenance }) => names.has(point) && provenance.hardware !== undefined);
  }
}
