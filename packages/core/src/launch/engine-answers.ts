import { request } from 'undici';
import type { HttpAnswer } from '../plugin/settings.js';

const TIMEOUT_MS = 2000;
/** Bytes; Prometheus' text of large engines takes some hundred KB. */
const MOST_BYTES = 1024 * 1024;

/** What a server says of itself at these paths. Nothing depends on it: a path that gives no answer in time has none. */
export async function askEngine(
  baseUrl: string,
  paths: readonly string[],
  when: HttpAnswer['when'],
  signal: AbortSignal,
): Promise<readonly HttpAnswer[]> {
  const answers = await Promise.all(
    paths.map((path) => ask(baseUrl, path, when, signal).catch(() => undefined)),
  );
  return answers.filter((answer) => answer !== undefined);
}

async function ask(
  baseUrl: string,
  path: string,
  when: HttpAnswer['when'],
  signal: AbortSignal,
): Promise<HttpAnswer | undefined> {
  const { statusCode, body } = await request(`${baseUrl.replace(/\/+$/, '')}${path}`, {
    // A connection of its own, closed at once: none is left for requests that are measured.
    headers: { connection: 'close' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return { path, when, status: statusCode, body: Buffer.concat(chunks).toString() };
}
