import { z } from 'zod';
import { SweeplineError, messageOf } from '../errors.js';
import type { Asker } from './asker.js';

/** Ms after which a request counts as unanswered. */
const ANSWER_MS = 30_000;

const listSchema = z.object({ data: z.array(z.object({ id: z.string() })).min(1) });

/**
 * The first model that a server lists.
 * @throws {SweeplineError} ENDPOINT_UNREACHABLE, or USAGE if there is no list.
 */
export async function firstModel({ ask, baseUrl }: Asker, signal: AbortSignal): Promise<string> {
  const { status, text } = await ask(
    'GET',
    '/v1/models',
    AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
  ).catch((cause: unknown) => {
    if (signal.aborted)
      throw new SweeplineError('INTERRUPTED', 'stopped while asking the server for its model');
    throw new SweeplineError('ENDPOINT_UNREACHABLE', `${baseUrl}/v1/models: ${messageOf(cause)}`, {
      hint: 'Check that the server runs, and its host and port; or use --model.',
      cause,
    });
  });
  const list = status === 200 ? listSchema.safeParse(parsed(text)) : undefined;
  const id = list?.data?.data[0]?.id;
  if (id !== undefined) return id;
  throw new SweeplineError('USAGE', `${baseUrl}/v1/models lists no model (status ${status})`, {
    hint: 'Give --model.',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
