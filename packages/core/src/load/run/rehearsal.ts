import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { devNull } from 'node:os';
import { startClock } from '../health/clock.js';
import { createTally } from '../health/tally.js';
import { packItems } from '../prompts/id-items.js';
import type { PromptSet } from '../prompts/prompt.js';
import { PromptStoreBuilder } from '../prompts/prompt-store.js';
import { RecordsFile } from '../records/records-file.js';
import { createCounters, createShard, type Shard, type ShardTask } from './shard.js';

/** Streams and requests in total, enough for V8 to optimise all hot code. Tests that judge no times take fewer: it is a second of CPU. */
const STREAMS = 8;
const REQUESTS = Number(process.env['SWEEPLINE_REHEARSAL_REQUESTS']) || 1000;
const CHUNKS = 16;
const MOST_EVENTS_A_WRITE = 4;

/**
 * Keeps the rehearsed objects: V8 holds object shapes weakly, and code that was compiled for a shape without any objects left has
 * to be compiled again.
 */
const rehearsed: Shard[] = [];

/**
 * Sends requests from the calling thread to itself, over loopback, before any clock starts: its code is then compiled in advance,
 * not while answers of a run wait to be read. The requests use the same code as those of the task, including the writing of
 * records.
 */
export async function rehearse(task: ShardTask): Promise<void> {
  const server = await listen();
  const { port } = server.address() as AddressInfo;
  const clock = startClock();
  const prompts = promptsLike(task.prompts.measure);
  const records = await RecordsFile.append(devNull, () => {});
  const shard = await createShard(
    {
      spec: {
        ...task.spec,
        endpoint: { baseUrl: `http://127.0.0.1:${port}`, api: 'completions' },
        arrival: { pattern: 'closed-loop', concurrency: STREAMS },
        numPrompts: REQUESTS,
        connections: 'per-slot',
        extraBody: undefined,
      },
      origin: { originUnixMs: clock.originUnixMs, originMonotonicMs: clock.originMonotonicMs },
      secrets: task.secrets,
      place: { index: 0, count: 1 },
      prompts: { warmup: prompts, measure: prompts },
      next: createCounters(),
      tally: createTally(),
    },
    { signal: new AbortController().signal, onRecord: (record) => records.add(record) },
  );
  try {
    await shard.connect('measure', 'per-slot');
    await shard.run('measure', clock.now());
    await records.close();
  } finally {
    await shard.close();
    rehearsed.push(shard);
    server.close();
  }
}

/** Short prompts of the same kind. */
function promptsLike(set: PromptSet): PromptSet {
  if (set.kind === 'id-runs') {
    const item = { runs: [{ start: 0, length: 8 }], outputLen: CHUNKS };
    return {
      kind: 'id-runs',
      vocabulary: set.vocabulary,
      items: packItems(Array<typeof item>(REQUESTS).fill(item)),
    };
  }
  const store = new PromptStoreBuilder();
  const lengths = { requestedPromptTokens: 2, requestedOutputTokens: CHUNKS };
  for (let i = 0; i < REQUESTS; i++) store.add('"a rehearsal"', lengths);
  return { kind: 'stored', store: store.build() };
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

/** A stream as servers write it, with several events at once. */
function answer(socket: Socket): void {
  const eventsAWrite = 1 + Math.floor(Math.random() * MOST_EVENTS_A_WRITE);
  socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n');
  const shape = SHAPES[Math.floor(Math.random() * SHAPES.length)] ?? {};
  let pending = '';
  for (let token = 0; token < CHUNKS; token++) {
    pending += httpChunk(
      event({ choices: [{ ...shape, index: 0, text: ` t${token}`, finish_reason: null }] }, shape),
    );
    if (token % eventsAWrite < eventsAWrite - 1 && token < CHUNKS - 1) continue;
    socket.write(pending);
    pending = '';
  }
  const last = event({ choices: [{ ...shape, index: 0, text: ' end', finish_reason: 'length' }] }, shape);
  const counts = { ...shape, prompt_tokens: 2, completion_tokens: CHUNKS };
  socket.write(
    `${httpChunk(last)}${httpChunk(event({ choices: [], usage: counts }, shape))}${httpChunk('data: [DONE]\n\n')}0\r\n\r\n`,
  );
}

/**
 * Servers differ in the other fields of their events: code compiled for only one of these shapes would have to be compiled again.
 */
const SHAPES: readonly object[] = [
  {},
  { id: 'cmpl-1' },
  { object: 'text_completion' },
  { created: 1 },
  { model: 'rehearsal' },
  { logprobs: null },
  { stop_reason: null },
  { id: 'cmpl-1', object: 'text_completion', created: 1, model: 'rehearsal' },
];

function event(content: object, shape: object): string {
  return `data: ${JSON.stringify({ ...shape, ...content })}\n\n`;
}

function httpChunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}
