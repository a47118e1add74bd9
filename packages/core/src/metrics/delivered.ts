import { z } from 'zod';
import { hasSchedule } from '../load/arrival/index.js';
import type { RunRecord } from '../load/records/record.js';

export const deliveredSchema = z
  .object({
    offered: z
      .number()
      .describe(
        'Requests that the load spec asks for; for a closed loop with a duration, those that it sent.',
      ),
    sent: z.number().describe('Requests that were sent.'),
    completed: z.number().describe('Requests that completed.'),
    failed: z.number().describe('Requests that failed, timed out or were cancelled.'),
    peakInFlight: z
      .number()
      .optional()
      .describe('Most requests in flight at once; missing where another program measured.'),
  })
  .describe('Requests by outcome; without warm-ups.');

/** Requests by outcome. */
export type Delivered = Readonly<z.output<typeof deliveredSchema>>;

export function deliveredOf(run: RunRecord): Delivered {
  const completed = run.requests.filter((request) => request.state === 'completed').length;
  return {
    offered: offeredOf(run),
    sent: run.requests.filter((request) => request.sentMs !== undefined).length,
    completed,
    failed: run.requests.length - completed,
    peakInFlight: run.client.peakInFlight,
  };
}

/** In a closed loop with a duration, every offered request is sent. */
function offeredOf({ spec, requests }: RunRecord): number {
  const isOpen = spec.durationS !== undefined && !hasSchedule(spec.arrival);
  return isOpen ? requests.length : spec.numPrompts;
}
