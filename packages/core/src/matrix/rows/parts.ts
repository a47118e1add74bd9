import { FIELD } from '../../config/fields.js';
import type { ConfigEntry, SearchSpace, Worker } from '../../config/model.js';

/** A worker with its pipeline and context-parallel sizes written out; their default is 1. */
export function withSizes(worker: Worker): Worker {
  return {
    ...worker,
    [FIELD.pp]: worker[FIELD.pp] ?? 1,
    [FIELD.dcpSize]: worker[FIELD.dcpSize] ?? 1,
    [FIELD.pcpSize]: worker[FIELD.pcpSize] ?? 1,
  };
}

/**
 * Adds what only some rows have: options of the framework, router and KV transfer, from the search-space point or the
 * entry, whichever of the two has them.
 */
export function withExtras<J extends object>(row: J, entry: ConfigEntry, space: SearchSpace): J {
  const router = space[FIELD.router] ?? entry[FIELD.router];
  const ofSpace = FIELD.prefill in space ? space[FIELD.kvP2pTransfer] : undefined;
  const transfer = ofSpace ?? entry[FIELD.kvP2pTransfer];
  const options = entry[FIELD.options];
  if (router === undefined && transfer === undefined && options === undefined) return row;
  return {
    ...row,
    ...(router === undefined ? {} : { [FIELD.router]: router }),
    ...(transfer === undefined ? {} : { [FIELD.kvP2pTransfer]: transfer }),
    ...(options === undefined ? {} : { [FIELD.options]: options }),
  };
}
