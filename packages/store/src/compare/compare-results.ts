import { SweeplineError, type CommandContext } from '@sweepline/core';
import type { Database } from '../index/database.js';
import { columnsOf } from '../index/table-writer.js';
import { compareAnswers, withAnswers } from './answers.js';
import { compareSides, type ComparedSides, type Comparison } from './compare.js';
import { measurementsOf, type Measurement } from './measurements.js';
import { metricOf, usualMetrics } from './metrics.js';
import { findSide, keyOf } from './side.js';

/**
 * Compares sides that are named: A, B, and what measured B again.
 * @param given metrics, as `KEY` or `KEY=5%`; undefined for the usual ones
 * @throws {SweeplineError} USAGE
 */
export async function compareResults(
  index: Database,
  [a, b, confirmedBy]: readonly [string, string, string | undefined],
  given: readonly string[] | undefined,
  context: CommandContext,
): Promise<Comparison> {
  const { connection } = index;
  const columns = new Set(await columnsOf(connection, 'results'));
  const metrics = given?.map((text) => metricOf(text, columns)) ?? usualMetrics(columns);
  const known = await measurementsOf(
    connection,
    metrics.map(({ key }) => key),
  );
  const sideOf = (side: string): Promise<ComparedSides['a']> => measuredBy(index, known, side, context);
  const sides = {
    ...{ a: await sideOf(a), b: await sideOf(b) },
    ...(confirmedBy === undefined ? {} : { confirmedBy: await sideOf(confirmedBy) }),
  };
  refuseShared(Object.values(sides));
  const comparison = await compareSides(sides, metrics, known);
  return withAnswers(comparison, await compareAnswers(sides.a.measurements, sides.b.measurements));
}

/** What a side has measured, of all that is known. @throws {SweeplineError} USAGE for a side without results */
export async function measuredBy(
  index: Database,
  known: readonly Measurement[],
  side: string,
  context: CommandContext,
): Promise<ComparedSides['a']> {
  const { name, keys } = await findSide(index, side, context);
  return { name, measurements: known.filter(({ run, point }) => keys.has(keyOf(run, point))) };
}

/** What is on two sides would be compared with itself. @throws {SweeplineError} USAGE */
export function refuseShared(sides: readonly ComparedSides['a'][]): void {
  const seen = new Map<Measurement, string>();
  for (const { name, measurements } of sides)
    for (const one of measurements) {
      const other = seen.get(one);
      if (other !== undefined)
        throw new SweeplineError('USAGE', `${one.run} ${one.point} is in ${other} and in ${name}`, {
          hint: 'Give sides that have no result in common.',
        });
      seen.set(one, name);
    }
}
