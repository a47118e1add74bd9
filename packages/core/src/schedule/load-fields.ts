import { z } from 'zod';
import { PHASES, type LoadProgress } from '../load/records/progress.js';

const count = z.number().int().nonnegative();

/** What is said of a load while it runs. */
export const loadFields = {
  phase: z.enum(PHASES).describe('Phase of the load.'),
  done: count.describe('Requests of the phase that have ended.'),
  total: count.describe('Requests of the phase.'),
  failed: count.describe('Requests of the phase that have failed.'),
  inFlight: count.describe('Requests in flight.'),
  tokensPerS: z.number().describe('Output tokens per second of the phase so far.'),
};

/** The same of a load's own report. */
export function loadFacts({ phase, done, total, failed, inFlight, tokensPerS }: LoadProgress) {
  return { phase, done, total, failed, inFlight, tokensPerS };
}
