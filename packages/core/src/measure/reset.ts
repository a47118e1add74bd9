import { SweeplineError, messageOf } from '../errors.js';
import type { Begun } from '../launch/session.js';

/** Seconds that clearing caches may take. */
const TIMEOUT_S = 120;

/**
 * Clears the engine's caches before the next point of a session, where its plan says how.
 * @throws {SweeplineError} SERVER_RESET_FAILED: points after it would be measured with warm caches.
 */
export async function resetServer({ plan: { reset }, server }: Begun, signal: AbortSignal): Promise<void> {
  if (reset === undefined) return;
  const { method, path, body } = reset;
  const url = `${server.baseUrl}${path}`;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_S * 1000)]);
  const failed = (why: string, cause?: unknown): SweeplineError =>
    new SweeplineError(
      'SERVER_RESET_FAILED',
      `the server's caches could not be cleared: ${method} ${path}: ${why}`,
      {
        hint: 'Start a server for each point.',
        cause,
      },
    );
  const { status } = await server.endpoint.executor
    .http({ method, url, body }, limit)
    .catch((cause: unknown) => {
      throw failed(messageOf(cause), cause);
    });
  if (status < 200 || status > 299) throw failed(`answered ${status}`);
}
