import type { RunRecord } from '../load/records/record.js';
import { CACHE_CHECKS } from './marks/cached.js';
import { CLIENT_CHECKS } from './marks/client.js';
import { DELIVERY_CHECKS } from './marks/delivery.js';
import { MACHINE_CHECKS } from './marks/machine.js';
import type { Check, Mark } from './marks/mark.js';
import { OUTPUT_CHECKS } from './marks/output.js';
import { POWER_CHECKS } from './marks/power.js';
import { PROMPT_CHECKS } from './marks/prompts.js';
import { STALL_CHECKS } from './marks/stall.js';
import { STREAMING_CHECKS } from './marks/streaming.js';

export { MARK_LIMITS } from './marks/limits.js';
export type { Mark } from './marks/mark.js';

const CHECKS: readonly Check[] = [
  ...DELIVERY_CHECKS,
  ...CLIENT_CHECKS,
  ...MACHINE_CHECKS,
  ...STALL_CHECKS,
  ...STREAMING_CHECKS,
  ...OUTPUT_CHECKS,
  ...PROMPT_CHECKS,
  ...CACHE_CHECKS,
  ...POWER_CHECKS,
];

/** Whether a run's numbers may be compared. */
export function isValidRun(run: RunRecord): boolean {
  return marksOf(run).every(({ severity }) => severity !== 'invalid');
}

/** Everything that a reader of a run's numbers has to know. */
export function marksOf(run: RunRecord): Mark[] {
  return CHECKS.map((check) => check(run)).filter((mark) => mark !== undefined);
}
