import type { WorkerRole } from '../jobs.js';

/** `--disaggregation-mode` of a worker of one phase; nothing for those of both. */
export function disaggregationMode(role: WorkerRole): Readonly<Record<string, string>> {
  return role === 'server' ? {} : { 'disaggregation-mode': role };
}

/** As workers of vLLM and mockers were told before 1.0.0. */
export function formerMode(role: WorkerRole): Readonly<Record<string, true>> {
  return role === 'server' ? {} : { [`is-${role}-worker`]: true };
}
