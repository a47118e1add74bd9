import { z } from 'zod';
import { hasSchedule } from '../load/arrival/index.js';
import type { RunRecord } from '../load/records/record.js';

export const deliveredSchema = z
  .object({
    offered: z
      .number()
      .describe(
        'Requests that the load spec asks for; of a closed loop that goes on for a time those that it sent.',
      ),
    sent: z.number().describe('Requests that were sent.'),
    completed: z.number().describe('Requests that completed.'),
    failed: z.number().describe('Requests that failed, timed out or were cancelled.'),
    peakInFlight: z.number().describe('Most requests in flight at once.'),
  })
  .describe('Requests by what became of them; warm-ups are not among them.');

/** Requests by what became of them. */
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

/** Where requests follow on others for a time, none is offered that isn't sent. */
function offeredOf({ spec, requests }: RunRecord): number {
  const isOpen = spec.durationS !== undefined && !hasSchedule(spec.arrival);
  return isOpen ? requests.length : spec.numPrompts;
}
