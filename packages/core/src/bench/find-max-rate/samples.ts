import { hasSchedule } from '../../load/arrival/index.js';
import type { RunRecord } from '../../load/records/record.js';
import { endOf, ratioOf, type Objective, type Since } from './objectives.js';

/** A request as it is judged. Times are ms on one clock. */
export interface Sample {
  readonly dueMs: number;
  readonly endMs: number;
  /** For each objective the largest latency over its limit: above 1 the request has broken it. */
  readonly ratios: readonly number[];
}

/**
 * The requests of a run in the order in which they were due, up to the first whose fate is not known: those that end first are the
 * fast ones, and must not be judged for all.
 */
export function samplesOf(run: RunRecord, objectives: readonly Objective[]): readonly Sample[] {
  const since: Since = hasSchedule(run.spec.arrival) ? 'due' : 'sent';
  const samples: Sample[] = [];
  for (const [place, request] of run.requests.entries()) {
    const endMs = endOf(request);
    const ratios = objectives.map(({ limits }) => ratioOf(request, limits, since));
    const known = ratios.filter((ratio) => ratio !== undefined);
    if (request.index !== place || known.length < ratios.length || endMs === undefined) break;
    samples.push({ dueMs: request.scheduledMs, endMs, ratios: known });
  }
  // Turns of a conversation have neighbouring numbers, and are due one after the other.
  return samples.sort((a, b) => a.dueMs - b.dueMs);
}
