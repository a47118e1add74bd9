import type { RequestRecord, RunRecord } from '../../load/records/record.js';
import { frozenCopy } from './read-only.js';

/**
 * A run that whoever gets it can't change for others. Typed arrays can't be frozen: the arrivals of chunks, which are most of a run,
 * are copied when they are first looked at, and no others.
 */
export function readOnlyRun({ requests, ...rest }: RunRecord): RunRecord {
  return Object.freeze({ ...frozenCopy(rest), requests: Object.freeze(requests.map(readOnlyRequest)) });
}

function readOnlyRequest({ chunkMs, ...rest }: RequestRecord): RequestRecord {
  let copy: ArrayLike<number> | undefined;
  return Object.freeze({
    ...frozenCopy(rest),
    get chunkMs() {
      copy ??= Float64Array.from(chunkMs);
      return copy;
    },
  });
}
