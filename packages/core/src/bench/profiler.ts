import { SweeplineError, messageOf } from '../errors.js';
import type { Logger } from '../logger.js';

/** What the profiler is asked with. */
export interface ProfilerContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Runs something under the server's profiler, as vLLM and SGLang have it: `/start_profile` before, `/stop_profile` after, however it
 * ended.
 * @throws {SweeplineError} REQUEST_FAILED when the server does not start it.
 */
export async function profiled<T>(
  { env, logger, signal }: ProfilerContext,
  baseUrl: string,
  run: () => Promise<T>,
): Promise<T> {
  const key = env['OPENAI_API_KEY'];
  const headers = key ? { authorization: `Bearer ${key}` } : undefined;
  const post = async (path: string, until?: AbortSignal): Promise<void> => {
    const options = { method: 'POST', ...(headers && { headers }), ...(until && { signal: until }) };
    const response = await fetch(`${baseUrl}${path}`, options);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  };
  try {
    await post('/start_profile', signal);
  } catch (cause) {
    throw new SweeplineError('REQUEST_FAILED', `the profiler did not start: ${messageOf(cause)}`, {
      hint: 'Start the server with its profiler: vLLM has VLLM_TORCH_PROFILER_DIR for that',
      cause,
    });
  }
  try {
    return await run();
  } finally {
    await post('/stop_profile').catch((error: unknown) =>
      logger.warn(`the profiler did not stop: ${messageOf(error)}`),
    );
  }
}
