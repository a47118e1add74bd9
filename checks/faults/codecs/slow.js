// @ts-check
import { completions } from '@sweepline/core/load';

const PER_EVENT_MS = 2;

/** A plugin's codec that blocks the event loop at each event. */
export default {
  ...completions,
  name: 'slow',
  /** @param {string} payload */
  readEvent(payload) {
    const endMs = performance.now() + PER_EVENT_MS;
    while (performance.now() < endMs);
    return plain(payload);
  },
};

/** Without the part that lets the client skip parsing similar events. @param {string} payload */
function plain(payload) {
  const event = completions.readEvent(payload);
  if (event.kind !== 'chunk') return event;
  const { textKey: _, ...rest } = event;
  return rest;
}
