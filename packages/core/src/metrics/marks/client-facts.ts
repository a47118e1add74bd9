import { CLIENT_LIMITS, type ClientLimits } from '../../load/spec/client-limits.js';
import type { RunRecord, WorkerHealth } from '../../load/records/record.js';

/**
 * Shares over a shorter window are not judged: the client's start-up takes about as long, and a timer ticks too rarely. Lags are
 * judged at any length.
 */
const JUDGED_FROM_S = 1;

export const MORE_CLIENT =
  'give the client more cores or workers, send fewer streams from one machine, or run it on another machine';

export function limitsOf({ spec }: RunRecord): ClientLimits {
  return { ...CLIENT_LIMITS, ...spec.clientLimits };
}

export function workersOf({ client }: RunRecord): readonly WorkerHealth[] {
  return client.workers ?? [];
}

export function isShort(run: RunRecord): boolean {
  return windowS(run) < JUDGED_FROM_S;
}

export function windowS({ window }: RunRecord): number {
  return (window.endMs - window.startMs) / 1000;
}

export function most(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

export function total(workers: readonly WorkerHealth[], of: (worker: WorkerHealth) => number): number {
  return workers.reduce((sum, worker) => sum + of(worker), 0);
}

export function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
