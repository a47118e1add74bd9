import type { ConnectionFacts } from '../records/record.js';
import type { Keeping } from './slots.js';
import type { LoadSpec } from '../spec/spec.js';

/** Share of closed connections, among those that should be kept, from which the server counts as one that keeps none. */
const MOST = 0.5;

/**
 * Connection mode for a run after its warm-up; undefined: as in the spec. Some servers close connections after an answer although
 * they announce keep-alive (llama-server does). Requests would then be sent twice and wait for connects, so such a server gets
 * one connection per request, opened in advance.
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
