import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createClient } from './client.js';
import { startClock } from './clock.js';
import { completions } from './codecs/openai.js';
import { createTally, Live } from './live.js';
import type { Prompt } from './prompts/prompt.js';
import { encodeRequest } from './records.js';
import type { LoadSpec } from './spec.js';

/** Streams, and requests of each, after which the code that is hot has been compiled for good. */
const STREAMS = 8;
const REQUESTS = 24;
const CHUNKS = 64;

const PROMPT: Prompt = {
  json: '"a rehearsal"',
  lengths: { requestedPromptTokens: 2, requestedOutputTokens: CHUNKS },
};

/**
 * Has the calling thread send requests to itself, over loopback, before any clock starts: its code is compiled then, and not while
 * the first answers of a run wait to be read.
 */
export async function rehearse(spec: LoadSpec): Promise<void> {
  const server = await listen();
  const { port } = server.address() as AddressInfo;
  const endpoint = { baseUrl: `http://127.0.0.1:${port}`, api: 'completions' } as const;
  const client = createClient(
    { ...spec, endpoint, connections: 'per-slot' },
    {
      clock: startClock(),
      codec: completions,
      live: new Live(createTally()),
      signal: new AbortController().signal,
      keepText: spec.output.keepText === true,
    },
  );
  try {
    await client.prepare(STREAMS);
    await Promise.all(Array.from({ length: STREAMS }, (_, slot) => stream(client, slot)));
  } finally {
    client.close();
    server.close();
  }
}

async function stream(client: ReturnType<typeof createClient>, slot: number): Promise<void> {
  for (let index = 0; index < REQUESTS; index++) {
    const outcome = await client.send(slot, PROMPT);
    encodeRequest({ index, scheduledMs: 0, ...PROMPT.lengths, ...outcome });
  }
}

async function listen(): Promise<Server> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('data', () => answer(socket)).on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

/** A stream as servers write it, in a few writes. */
function answer(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n');
  let pending = '';
  for (let token = 0; token < CHUNKS; token++) {
    pending += httpChunk(event([{ index: 0, text: ` t${token}`, finish_reason: null }]));
    if (token % 16 < 15) continue;
    socket.write(pending);
    pending = '';
  }
  const last = event([{ index: 0, text: ' end', finish_reason: 'length' }]);
  const usage = event([], { prompt_tokens: 2, completion_tokens: CHUNKS });
  socket.write(`${httpChunk(last)}${httpChunk(usage)}${httpChunk('data: [DONE]\n\n')}0\r\n\r\n`);
}

function event(choices: readonly object[], usage?: object): string {
  return `data: ${JSON.stringify({ id: 'rehearsal', object: 'text_completion', choices, usage: usage ?? null })}\n\n`;
}

function httpChunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}
