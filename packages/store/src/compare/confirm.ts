import { SweeplineError, type CommandContext } from '@sweepline/core';
import { select, type Database } from '../index/database.js';
import { object, parsed, type Json } from '../json.js';
import { textOf } from '../output/values.js';
import { sweepJobs } from '../sweep-jobs.js';
import type { Comparison, MeasuredIn } from './compare.js';
import { measurementsOf } from './measurements.js';

/** Measurements of B in curves that have changed, or may have: what a second run decides. */
export function toConfirm({ curves, points }: Comparison): readonly MeasuredIn[] {
  const open = new Set(
    curves
      .filter(
        ({ decides, verdict, needsSecondRun }) => decides && (verdict === 'worse' || needsSecondRun === true),
      )
      .map(({ curve }) => curve),
  );
  return points.filter(({ curve }) => open.has(curve)).flatMap(({ b }) => b.slice(-1));
}

/** What a second run measures. */
export interface ToMeasure {
  readonly jobs: readonly Json[];
  /** Folders of the runs that have measured them. */
  readonly folders: readonly string[];
}

/** Jobs of measurements. @throws {SweeplineError} USAGE for imported ones, which have none */
export async function jobsOf(index: Database, measured: readonly MeasuredIn[]): Promise<ToMeasure> {
  const jobs = new Set<string>();
  const folders: string[] = [];
  for (const run of new Set(measured.map((one) => one.run))) {
    const points = new Set(measured.filter((one) => one.run === run).map(({ point }) => point));
    for (const one of await measurementsOf(index.connection, [], {
      where: 'r.run = $run',
      values: { run },
    })) {
      if (!points.has(one.point)) continue;
      if (one.origin !== 'sweepline' || one.job === undefined)
        throw new SweeplineError('USAGE', `${run} was imported: its points can't be measured here`, {
          hint: 'Measure it again where it was measured, and give that run: --confirmed-by RUN.',
        });
      jobs.add(one.job);
    }
    const found = await select(index.connection, 'SELECT folder FROM runs WHERE run = $run', { run });
    folders.push(...found.map(([folder]) => textOf(folder ?? null)));
  }
  return { jobs: [...jobs].map((job) => object(parsed(job))), folders };
}

/** Measures jobs again, on other nodes than before where there are some. @returns the run's id */
export async function measureAgain(context: CommandContext, { jobs, folders }: ToMeasure): Promise<string> {
  context.logger.info(`a second run decides: ${jobs.length} jobs are measured again`);
  return sweepJobs(context, jobs, { otherNodesThan: folders });
}
