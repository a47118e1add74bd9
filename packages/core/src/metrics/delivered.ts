import { z } from 'zod';
import type { RunRecord } from '../load/records/record.js';

export const deliveredSchema = z
  .object({
    offered: z.number().describe('Requests that the load spec asks for.'),
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
    offered: run.spec.numPrompts,
    sent: run.requests.filter((request) => request.sentMs !== undefined).length,
    completed,
    failed: run.requests.length - completed,
    peakInFlight: run.client.peakInFlight,
  };
}
