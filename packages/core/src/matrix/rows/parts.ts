import { FIELD } from '../../config/fields.js';
import type { ConfigEntry, SearchSpace, SingleNodeSpace, Worker } from '../../config/model.js';

/** Pipeline and context-parallel sizes with their default, 1. */
export function sizes(of: SingleNodeSpace | Worker) {
  return {
    [FIELD.pp]: of[FIELD.pp] ?? 1,
    [FIELD.dcpSize]: of[FIELD.dcpSize] ?? 1,
    [FIELD.pcpSize]: of[FIELD.pcpSize] ?? 1,
  };
}

export function withSizes(worker: Worker): Worker {
  return { ...worker, ...sizes(worker) };
}

/** Router and KV transfer, from the search-space point or the entry: whichever of the two has them. */
export function components(entry: ConfigEntry, space: SearchSpace) {
  const router = space[FIELD.router] ?? entry[FIELD.router];
  const ofSpace = FIELD.prefill in space ? space[FIELD.kvP2pTransfer] : undefined;
  const transfer = ofSpace ?? entry[FIELD.kvP2pTransfer];
  return {
    ...(router === undefined ? {} : { [FIELD.router]: router }),
    ...(transfer === undefined ? {} : { [FIELD.kvP2pTransfer]: transfer }),
  };
}

export function options(entry: ConfigEntry) {
  const given = entry[FIELD.options];
  return given === undefined ? {} : { [FIELD.options]: given };
}
