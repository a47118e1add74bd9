// @ts-check
import { completions } from '@sweepline/core/load';

const PER_ANSWER = 8_000;

/** @type {object[]} */
const kept = [];

/** A plugin's codec that keeps objects for each answer, so that garbage collection takes longer and longer. */
export default {
  ...completions,
  name: 'hoarding',
  /** @param {string} payload */
  readEvent(payload) {
    const event = completions.readEvent(payload);
    if (event.kind === 'done') for (let i = 0; i < PER_ANSWER; i++) kept.push({ i, text: `${i}` });
    return event;
  },
};
