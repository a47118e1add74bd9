import type { RunRecord } from '../load/records/record.js';

/** Requests by what became of them. */
export interface Delivered {
  /** Asked for by the load spec. */
  readonly offered: number;
  readonly sent: number;
  readonly completed: number;
  /** Failed, timed out or cancelled. */
  readonly failed: number;
  /** Most in flight at once. */
  readonly peakInFlight: number;
}

export function deliveredOf(run: RunRecord): Delivered {
  const completed = run.requests.filter((request) => request.state === 'completed').length;
  return {
    offered: run.spec.numPrompts,
    sent: run.requests.filter((request) => request.sentMs !== undefined).length,
    completed,
    failed: run.requests.length - completed,
    peakInFlight: run.client.peakInFlight,
  };
}
