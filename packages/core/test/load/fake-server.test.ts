import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeToken, startFakeServer } from '../../src/testing/index.js';

const main = join(import.meta.dirname, '../../dist/testing/fake-server-main.js');
const body = { model: 'fake-model', prompt: 'one two three', max_tokens: 3 };

function post(url: string, fields: object = {}): Promise<Response> {
  return fetch(`${url}/v1/completions`, { method: 'POST', body: JSON.stringify({ ...body, ...fields }) });
}

function start(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const listening = new Promise<string>((resolve) => {
    child.stdout.on('data', (data) => {
      output += String(data);
      const url = /listening on (\S+)/.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
  child.stderr.on('data', (data) => (output += String(data)));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  return { child, listening, ended };
}

describe('startFakeServer', () => {
  it('answers with exactly as many tokens as asked for, streamed or not', async () => {
    await using fake = await startFakeServer();
    const whole: unknown = await (await post(fake.url)).json();
    const text = fakeToken(0) + fakeToken(1) + fakeToken(2);
    expect(whole).toMatchObject({
      choices: [{ text, finish_reason: 'length' }],
      usage: { prompt_tokens: 3, completion_tokens: 3, total_tokens: 6 },
    });
    const streamed = await (await post(fake.url, { stream: true })).text();
    expect(streamed.match(/"text"/g)).toHaveLength(3);
    expect(streamed).toMatch(/data: \[DONE\]\n\n$/);
    expect(fake.stats).toMatchObject({
      requests: 2,
      completed: 2,
      promptTokens: 6,
      outputTokens: 6,
      inFlight: 0,
    });
  });

  it('holds answers and lets them go in turn', async () => {
    await using fake = await startFakeServer();
    fake.hold();
    const answers = [post(fake.url), post(fake.url)];
    await fake.when(({ inFlight }) => inFlight === 2);
    fake.release(1);
    await fake.when(({ completed }) => completed === 1);
    fake.release();
    await Promise.all(answers);
    expect(fake.stats).toMatchObject({ completed: 2, peakInFlight: 2 });
  });
});

describe('the fake server as a process', () => {
  it('serves and tells what it served when it is ended', async () => {
    const { child, listening, ended } = start('--model', 'm');
    const url = await listening;
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect((await post(url, { model: 'm' })).status).toBe(200);
    child.kill('SIGTERM');
    const { code, output } = await ended;
    expect(code).toBe(0);
    expect(JSON.parse(/summary (.*)/.exec(output)?.[1] ?? '')).toMatchObject({ requests: 1, completed: 1 });
  });

  it('is never ready, if asked', async () => {
    const { child, listening, ended } = start('--never-ready');
    expect((await fetch(`${await listening}/health`)).status).toBe(503);
    child.kill('SIGTERM');
    await ended;
  });

  it('shows a fault from a request on', async () => {
    const { child, listening, ended } = start('--fault', 'status-500', '--fault-from', '2');
    const url = await listening;
    expect([(await post(url)).status, (await post(url)).status]).toEqual([200, 500]);
    child.kill('SIGTERM');
    await ended;
  });

  it('dies after some requests', async () => {
    const { listening, ended } = start('--die-after', '1');
    await post(await listening).catch(() => {});
    expect((await ended).code).toBe(1);
  });

  it('exits at once, if asked', async () => {
    expect((await start('--exit-with', '7').ended).code).toBe(7);
  });

  it('refuses faults it does not know', async () => {
    const { code, output } = await start('--fault', 'nope').ended;
    expect(code).toBe(2);
    expect(output).toContain('status-500');
  });
});
