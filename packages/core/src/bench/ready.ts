import { setTimeout as delay } from 'node:timers/promises';
import { SweeplineError, messageOf } from '../errors.js';
import type { Logger } from '../logger.js';
import type { Asker } from './asker.js';

/** Ms between two requests. */
const PAUSE_MS = 500;
/** Ms after which a request counts as unanswered. */
const ANSWER_MS = 5_000;
/** Engines report on the first path whether their model is loaded; every OpenAI-compatible server has the second. */
const PATHS = ['/health', '/v1/models'] as const;

export interface ReadyContext {
  readonly asker: Asker;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Waits until an endpoint answers with anything but a server error (5xx). Whether it can serve the model, the load will show.
 * @throws {SweeplineError} ENDPOINT_UNREACHABLE after `timeoutS` seconds; INTERRUPTED.
 */
export async function waitUntilReady(
  { asker, logger, signal }: ReadyContext,
  timeoutS: number,
): Promise<void> {
  const end = performance.now() + timeoutS * 1000;
  for (let isFirst = true; ; isFirst = false) {
    const problem = await problemOf(asker, signal, Math.max(1, end - performance.now()));
    if (problem === undefined) return;
    if (signal.aborted) throw new SweeplineError('INTERRUPTED', 'stopped while waiting for the endpoint');
    const leftMs = end - performance.now();
    if (leftMs <= 0) {
      throw new SweeplineError(
        'ENDPOINT_UNREACHABLE',
        `${asker.baseUrl} is not ready after ${timeoutS} s: ${problem}`,
        {
          hint: 'Check that the server runs, or give it more time with --ready-check-timeout-sec.',
        },
      );
    }
    if (isFirst) logger.info(`waiting for ${asker.baseUrl}, at most ${timeoutS} s: ${problem}`);
    await delay(Math.min(PAUSE_MS, leftMs), undefined, { signal }).catch(() => {});
  }
}

async function problemOf({ ask }: Asker, signal: AbortSignal, leftMs: number): Promise<string | undefined> {
  const answerMs = Math.min(ANSWER_MS, Math.ceil(leftMs));
  for (const path of PATHS) {
    try {
      const { status } = await ask('GET', path, AbortSignal.any([signal, AbortSignal.timeout(answerMs)]));
      if (status >= 500) return `${path} answered ${status}`;
    } catch (thrown) {
      return messageOf(thrown);
    }
  }
  return undefined;
}
