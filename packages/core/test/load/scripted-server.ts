import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** One answer: writes, one after the other, with pauses (ms) between them. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly writes: readonly (string | number)[];
}

export interface ScriptedRequest {
  /** Counted from 1; the probe is the first. */
  readonly ordinal: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly maxTokens: number;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A server on 127.0.0.1 that answers each POST with the given script, and has no metrics. */
export async function startScripted(answer: (request: ScriptedRequest) => ScriptedAnswer | 'hang up') {
  const requests: ScriptedRequest[] = [];
  const server = createServer((message, response) => {
    const parts: Buffer[] = [];
    message.on('data', (part: Buffer) => parts.push(part));
    message.on('end', () => {
      if (message.method !== 'POST') return void response.writeHead(404).end('{}');
      const body = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
      const { headers } = message;
      const request = { ordinal: requests.length + 1, body, maxTokens: Number(body['max_tokens']), headers };
      requests.push(request);
      const said = answer(request);
      if (said === 'hang up') message.socket.destroy();
      else void write(response, said);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function write(
  response: ServerResponse,
  { status = 200, headers, writes }: ScriptedAnswer,
): Promise<void> {
  response.writeHead(status, headers ?? { 'content-type': 'text/event-stream' });
  response.socket?.setNoDelay(true);
  for (const part of writes) {
    if (typeof part === 'number') await delay(part);
    else response.write(part);
  }
  response.end();
}

export function event(value: object | string): string {
  return `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
}

export const DONE = event('[DONE]');

/** `count` chunks with text, the last of them with the finish reason. */
export function chunks(count: number, text = ' w'): string[] {
  return Array.from({ length: count }, (_, i) =>
    event({ choices: [{ index: 0, text, finish_reason: i === count - 1 ? 'length' : null }] }),
  );
}

/** The chunk with the usage; its prompt count is the number of ids sent. `raw`: JSON of the output count. */
export function usage({ body }: ScriptedRequest, raw: string | number, more = ''): string {
  const prompt = Array.isArray(body['prompt']) ? body['prompt'].length : 8;
  return `data: {"choices":[],"usage":{"prompt_tokens":${prompt},"completion_tokens":${raw}${more}}}\n\n`;
}
