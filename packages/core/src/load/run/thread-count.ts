import { availableParallelism } from 'node:os';
import { connectionsFor } from '../arrival/index.js';
import type { LoadSpec } from '../spec/spec.js';

/** Streams that one thread serves easily; `sweepline selftest` shows what a machine's threads can do. */
const STREAMS_A_THREAD = 256;
/** Cores left for everything else: the main thread of the process, and the system's work for its sockets. */
const CORES_LEFT = 2;

/** Threads that send a spec's requests: at most one per slot; for `auto`, as many as the streams need and the cores allow. */
export function workerCount(spec: LoadSpec, cores = availableParallelism()): number {
  const streams = connectionsFor(spec.arrival, spec.numPrompts);
  const { workers = 'auto' } = spec;
  if (workers !== 'auto') return Math.min(workers, streams);
  const needed = Math.ceil(streams / STREAMS_A_THREAD);
  return Math.max(1, Math.min(needed, cores - CORES_LEFT));
}
