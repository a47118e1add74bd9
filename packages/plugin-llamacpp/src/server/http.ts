import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from './api-error.js';

/** The most bytes of a request body: some hundred thousand token ids. */
const BODY_LIMIT = 8 * 1024 * 1024;

export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // The rest is read and discarded, so that the client can read the answer.
    if (bytes <= BODY_LIMIT) chunks.push(chunk);
  }
  if (bytes > BODY_LIMIT) throw new ApiError(413, `the request body is larger than ${BODY_LIMIT} bytes`);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw new ApiError(400, `the request body isn't JSON: ${(error as Error).message}`);
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

export function sendText(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
  response.end(text);
}

/** Server-sent events: `data:` lines; the headers are sent with the first one. */
export class EventStream {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get started(): boolean {
    return this.#response.headersSent;
  }

  send(events: readonly object[]): void {
    if (!this.started) {
      this.#response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    }
    this.#response.write(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
  }

  done(): void {
    this.#response.end('data: [DONE]\n\n');
  }

  /** Ends a stream that has already begun, when a status can no longer report the error. */
  fail(error: ApiError): void {
    this.#response.end(`data: ${JSON.stringify(error.body)}\n\n`);
  }
}
