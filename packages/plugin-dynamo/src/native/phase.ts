import type { WorkerRole } from '../jobs.js';

/** `--disaggregation-mode` of a worker for one phase; no flag for workers that do both. */
export function disaggregationMode(role: WorkerRole): Readonly<Record<string, string>> {
  return role === 'server' ? {} : { 'disaggregation-mode': role };
}

/** The flags of vLLM workers and mockers before 1.0.0. */
export function formerMode(role: WorkerRole): Readonly<Record<string, true>> {
  return role === 'server' ? {} : { [`is-${role}-worker`]: true };
}
