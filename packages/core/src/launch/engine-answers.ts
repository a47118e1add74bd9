import type { Executor } from '../plugin/node.js';
import type { HttpAnswer } from '../plugin/settings.js';
import { MOST_ANSWER_BYTES } from './ask-http.js';

const TIMEOUT_MS = 2000;

/** What a server says of itself at these paths. Nothing depends on it: a path that gives no whole answer in time has none. */
export async function askEngine(
  executor: Executor,
  baseUrl: string,
  paths: readonly string[],
  when: HttpAnswer['when'],
  signal: AbortSignal,
): Promise<readonly HttpAnswer[]> {
  const answers = await Promise.all(
    paths.map((path) => ask(executor, baseUrl, path, when, signal).catch(() => undefined)),
  );
  return answers.filter((answer) => answer !== undefined);
}

async function ask(
  executor: Executor,
  baseUrl: string,
  path: string,
  when: HttpAnswer['when'],
  signal: AbortSignal,
): Promise<HttpAnswer | undefined> {
  const url = `${baseUrl.replace(/\/+$/, '')}${path}`;
  const { status, body } = await executor.http(
    { url },
    AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  );
  return body.length < MOST_ANSWER_BYTES ? { path, when, status, body } : undefined;
}
