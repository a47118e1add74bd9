import type { ConnectionFacts } from '../records/record.js';
import type { Keeping } from './slots.js';
import type { LoadSpec } from '../spec/spec.js';

/** Of connections that are to be kept, closed ones from where on the server is one that keeps none. */
const MOST = 0.5;

/**
 * What a run connects as after its warm-up; undefined where that is as the spec asks. A server that closes connections after its answers,
 * whatever it says of them (llama-server does), would have requests sent twice and connects waited for: it gets a connection for each
 * request, opened ahead.
 */
export function connectionsAfter(
  { connections }: LoadSpec,
  parts: readonly Keeping[],
): ConnectionFacts | undefined {
  const answered = parts.reduce((sum, part) => sum + part.answered, 0);
  const closed = parts.reduce((sum, part) => sum + part.closed, 0);
  if (connections !== 'per-slot' || answered === 0 || closed < MOST * answered) return undefined;
  const reason = `the server closed ${closed} connections after ${answered} answers`;
  return { used: 'per-request', reason };
}
