import type { LoadSpec } from '../spec.js';
import type { ArrivalContext } from './arrival.js';
import { closedLoop } from './closed-loop.js';

type Arrival = LoadSpec['arrival'];
type Run<P extends Arrival['pattern']> = (
  arrival: Extract<Arrival, { pattern: P }>,
  context: ArrivalContext,
) => Promise<void>;

const patterns: { readonly [P in Arrival['pattern']]: Run<P> } = { 'closed-loop': closedLoop };

/** Sends `context.count` requests in the spec's pattern; resolves when the last has ended. */
export function runArrival(arrival: Arrival, context: ArrivalContext): Promise<void> {
  return patterns[arrival.pattern](arrival, context);
}
