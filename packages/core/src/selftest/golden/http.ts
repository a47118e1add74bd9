import type { AnswerOptions } from './options.js';

const CRLF = Buffer.from('\r\n');
/** The chunk that ends a chunked body. */
export const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** Bytes as one HTTP chunk. */
export function httpChunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, CRLF]);
}

/** Bytes as HTTP chunks of `size` bytes; the last one has the rest. */
export function httpChunks(bytes: Buffer, size: number): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(httpChunk(bytes.subarray(at, at + size)));
  return Buffer.concat(chunks);
}

/** The head of an answer's response. */
export function streamHead(
  { framing }: Pick<AnswerOptions, 'framing'>,
  keepAlive: boolean,
  length: number | undefined,
): Buffer {
  const lines = ['HTTP/1.1 200 OK', 'content-type: text/event-stream; charset=utf-8'];
  if (framing === 'chunked') lines.push('transfer-encoding: chunked');
  if (length !== undefined) lines.push(`content-length: ${length}`);
  if (!keepAlive) lines.push('connection: close');
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}

/** A complete response with JSON. */
export function jsonResponse(status: number, body: object, keepAlive: boolean): Buffer {
  const json = JSON.stringify(body);
  return Buffer.from(
    [
      `HTTP/1.1 ${status} ${status === 200 ? 'OK' : 'Refused'}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(json)}`,
      ...(keepAlive ? [] : ['connection: close']),
      '',
      json,
    ].join('\r\n'),
  );
}

export function errorResponse(status: number, message: string, keepAlive: boolean): Buffer {
  return jsonResponse(status, { error: { message, type: 'golden', code: status } }, keepAlive);
}
