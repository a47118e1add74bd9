import type { ConfigEntry, SearchSpace, Worker } from '../../config/model.js';

/** A worker with explicit pipeline and context-parallel sizes; their default is 1. */
export function withSizes(worker: Worker): Worker {
  return {
    ...worker,
    pp: worker.pp ?? 1,
    'dcp-size': worker['dcp-size'] ?? 1,
    'pcp-size': worker['pcp-size'] ?? 1,
  };
}

/**
 * Adds fields that only some rows have: options of the framework, and router and KV transfer from the search-space point or the
 * entry, whichever has them.
 */
export function withExtras<J extends object>(row: J, entry: ConfigEntry, space: SearchSpace): J {
  const router = space.router ?? entry.router;
  const ofSpace = 'prefill' in space ? space['kv-p2p-transfer'] : undefined;
  const transfer = ofSpace ?? entry['kv-p2p-transfer'];
  const options = entry.options;
  if (router === undefined && transfer === undefined && options === undefined) return row;
  return {
    ...row,
    ...(router === undefined ? {} : { router }),
    ...(transfer === undefined ? {} : { 'kv-p2p-transfer': transfer }),
    ...(options === undefined ? {} : { options }),
  };
}
