import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { chunksOf, post } from './client.js';
import { ServerProcess, spawnTiny, startTiny } from './server-process.js';

const LONG = { model: 'tiny', prompt: [300], ignore_eos: true, stream: true, max_tokens: 10_000 };

async function occupiedPort(): Promise<number> {
  const holder: Server = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  onTestFinished(() => void holder.close());
  return (holder.address() as AddressInfo).port;
}

async function drain(chunks: AsyncIterator<unknown>): Promise<void> {
  while (!(await chunks.next()).done);
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it with 0 and a summary, even while it generates',
  async (signal) => {
    await using server = await startTiny();
    const chunks = chunksOf(await post(`${server.base}/v1/completions`, LONG));
    await chunks.next();
    const cutOff = expect(drain(chunks)).rejects.toThrow();
    expect(await server.stop(signal)).toBe(0);
    await cutOff;
    expect(server.lines.at(-1)).toMatch(
      /^summary completed=0 cancelled=1 failed=0 prompt_tokens=1 completion_tokens=\d+$/,
    );
  },
);

test('a signal while the model is loaded ends it with 0', async () => {
  await using server = spawnTiny();
  await server.url();
  expect(await server.stop()).toBe(0);
});

test('with --exit-with-parent the end of stdin ends it', async () => {
  await using server = await startTiny('--exit-with-parent');
  server.child.stdin?.end();
  expect(await server.exit).toBe(0);
});

test.each([
  [
    'a port that is in use',
    async () => ['--model', 'synthetic:tiny', '--port', String(await occupiedPort())],
    /address already in use: 127\.0\.0\.1:\d+/,
  ],
  ['an unknown flag', () => ['--model', 'synthetic:tiny', '--tensor-parallel', '2'], /--tensor-parallel/],
  [
    'an unknown synthetic model',
    () => ['--model', 'synthetic:70b'],
    /no synthetic model "synthetic:70b".*synthetic:tiny/,
  ],
  ['a number out of range', () => ['--model', 'synthetic:tiny', '--parallel', '0'], /--parallel/],
  [
    'a model that is not there',
    () => ['--model', '/nowhere/model.gguf', '--port', '0'],
    /\/nowhere\/model\.gguf/,
  ],
])('%s ends it with 1 and one line on stderr', async (_what, flags, message) => {
  await using server = new ServerProcess(await flags());
  expect(await server.exit).toBe(1);
  expect(server.stderr.trim()).toMatch(message);
  expect(server.stderr.trim().split('\n')).toHaveLength(1);
});
