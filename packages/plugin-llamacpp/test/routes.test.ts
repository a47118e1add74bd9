import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Engine } from '../dist/engine/engine.js';
import { Scheduler } from '../dist/engine/scheduler.js';
import type { CompletionService } from '../dist/server/completions.js';
import { createRoutes } from '../dist/server/routes.js';
import { Tally } from '../dist/server/tally.js';
import { post } from './client.js';

function failingService(): CompletionService {
  const slot = { evaluate: () => Promise.reject(new Error('out of memory')), clear: () => Promise.resolve() };
  const scheduler = new Scheduler({ slots: [slot], batchSize: 8, isEndOfGeneration: () => false });
  const engine: Engine = {
    scheduler,
    settings: {},
    slotContext: 64,
    vocabularySize: 64,
    encode: () => [1],
    encodeChat: undefined,
    detokenize: () => '',
  };
  let requests = 0;
  return { engine, alias: 'm', tally: new Tally(() => undefined), nextId: () => ++requests };
}

test('health is 503 until the model is loaded, then 200, and a failing engine is a 500', async () => {
  let service: CompletionService | undefined;
  const server = createServer(createRoutes(() => service)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const loading = await fetch(`${base}/health`);
  expect([loading.status, await loading.json()]).toEqual([503, { status: 'loading model' }]);
  expect((await post(`${base}/v1/completions`, {})).status).toBe(503);

  service = failingService();
  expect((await fetch(`${base}/health`)).status).toBe(200);
  for (const stream of [true, false]) {
    const failed = await post(`${base}/v1/completions`, { model: 'm', prompt: 'x', stream });
    expect([failed.status, await failed.json()]).toMatchObject([
      500,
      { error: { type: 'server_error', message: 'out of memory' } },
    ]);
  }
  expect((await post(`${base}/v1/chat/completions`, { model: 'm', messages: [] })).status).toBe(400);
  expect(service.tally.ended).toEqual({ completed: 0, cancelled: 0, failed: 3 });
});
