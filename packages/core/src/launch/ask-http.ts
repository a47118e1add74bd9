import type { NodeAnswer, NodeHttpRequest } from '../plugin/node.js';

/** Bytes; Prometheus' text of large engines takes some hundred KB. */
export const MOST_ANSWER_BYTES = 1024 * 1024;

/** Asks over a connection of its own, closed at once: none is left for requests that are measured. */
export async function askHttp(
  { method = 'GET', url, body: sent }: NodeHttpRequest,
  signal: AbortSignal,
): Promise<NodeAnswer> {
  const { request } = await import('undici'); // Large, and most commands ask nothing.
  const { statusCode, body } = await request(url, {
    method,
    headers: { connection: 'close', ...(sent !== undefined && { 'content-type': 'application/json' }) },
    ...(sent !== undefined && { body: JSON.stringify(sent) }),
    signal,
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MOST_ANSWER_BYTES) break;
  }
  return { status: statusCode, body: Buffer.concat(chunks).subarray(0, MOST_ANSWER_BYTES).toString() };
}
