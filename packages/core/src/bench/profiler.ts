import { SweeplineError, messageOf } from '../errors.js';
import type { Logger } from '../logger.js';
import type { Asker } from './asker.js';

/** Everything that requests to the profiler need. */
export interface ProfilerContext {
  readonly asker: Asker;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Runs something under the server's profiler, as vLLM and SGLang provide it: `/start_profile` before, `/stop_profile` after, however it
 * ended.
 * @throws {SweeplineError} REQUEST_FAILED if the server does not start it.
 */
export async function profiled<T>(
  { asker, logger, signal }: ProfilerContext,
  run: () => Promise<T>,
): Promise<T> {
  const post = async (path: string, until?: AbortSignal): Promise<void> => {
    const { status } = await asker.ask('POST', path, until);
    if (status < 200 || status > 299) throw new Error(`${path} answered ${status}`);
  };
  try {
    await post('/start_profile', signal);
  } catch (cause) {
    throw new SweeplineError('REQUEST_FAILED', `the profiler did not start: ${messageOf(cause)}`, {
      hint: 'Start the server with its profiler; for vLLM, set VLLM_TORCH_PROFILER_DIR',
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
