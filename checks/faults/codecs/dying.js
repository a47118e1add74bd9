// @ts-check
import { isMainThread } from 'node:worker_threads';
import { completions } from '@sweepline/core/load';

let answers = 0;

/** A plugin's codec that ends its thread at the tenth answer. */
export default {
  ...completions,
  name: 'dying',
  /** @param {string} payload */
  readEvent(payload) {
    const event = completions.readEvent(payload);
    if (event.kind === 'done' && !isMainThread && ++answers === 10) process.exit(3);
    return event;
  },
};
