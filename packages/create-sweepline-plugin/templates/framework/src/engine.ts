/*
 * A stand-in for an inference engine: it answers with the requested number of tokens, one each --token-ms. It shows the requests that a
 * server gets. Delete this file once PROGRAM in index.ts is your engine.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';

interface Completion {
  /** Text or token ids. */
  readonly prompt: string | readonly number[];
  readonly max_tokens: number;
}

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: '' },
    port: { type: 'string', default: '8000' },
    'token-ms': { type: 'string', default: '5' },
  },
});
const tokenMs = Number(values['token-ms']);

createServer((request, response) => {
  answer(request, response).catch((error: unknown) => response.destroy(error as Error));
}).listen(Number(values.port), '127.0.0.1', () => console.log(`listening on port ${values.port}`));
// stdin is closed when the parent process ends.
process.stdin.resume().on('close', () => process.exit());

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const route = `${request.method} ${request.url}`;
  if (route === 'GET /health') response.end();
  else if (route === 'GET /v1/models') response.end(JSON.stringify({ data: [{ id: values.model }] }));
  else if (route === 'POST /v1/completions') await complete(await bodyOf(request), response);
  else response.writeHead(404).end();
}

async function bodyOf(request: IncomingMessage): Promise<Completion> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString()) as Completion;
}

/** Sweepline always requests a stream, with token counts at its end. */
async function complete({ prompt, max_tokens: count }: Completion, response: ServerResponse): Promise<void> {
  const send = (event: object): void => void response.write(`data: ${JSON.stringify(event)}\n\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let token = 1; token <= count && !response.destroyed; token += 1) {
    await setTimeout(tokenMs);
    send({ choices: [{ index: 0, text: ' token', finish_reason: token === count ? 'length' : null }] });
  }
  const promptTokens =
    typeof prompt === 'string' ? prompt.split(/\s+/).filter(Boolean).length : prompt.length;
  send({ choices: [], usage: { prompt_tokens: promptTokens, completion_tokens: count } });
  response.end('data: [DONE]\n\n');
}
