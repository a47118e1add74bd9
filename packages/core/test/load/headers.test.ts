import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttp, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { accessHeaders, headerProblem } from '../../src/load/client/access.js';
import { generateLoad } from '../../src/load/run/run-load.js';
import { secretsInHeader } from '../../src/secrets.js';
import { specFor } from './specs.js';

const ANSWER = [
  'data: {"choices":[{"index":0,"text":" a","finish_reason":"length"}]}',
  'data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}',
  'data: [DONE]',
  '',
].join('\n\n');

const tls = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));

/** Answers every completion and records the requests; `echo` is a header whose value it returns. */
async function serve({ secure = false, echo = '' } = {}) {
  const asked: { readonly path: string; readonly headers: IncomingHttpHeaders }[] = [];
  const server = secure
    ? createHttps({ cert: tls('localhost.crt'), key: tls('localhost.key') })
    : createHttp();
  server.on('request', (request, response) => {
    request.resume().on('end', () => {
      asked.push({ path: String(request.url), headers: request.headers });
      if (request.url !== '/v1/completions') return response.writeHead(404).end();
      if (echo !== '') return response.writeHead(400).end(`no ${String(request.headers[echo])} here`);
      return response.writeHead(200, { 'content-type': 'text/event-stream' }).end(ANSWER);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `${secure ? 'https' : 'http'}://127.0.0.1:${port}`;
  return { url, asked, [Symbol.dispose]: () => void server.close() };
}

const SMALL = { numPrompts: 2, numWarmups: 1, arrival: { concurrency: 1 } } as const;

describe('headers of requests', () => {
  it('are sent with every request, also with those beside the load', async () => {
    using server = await serve();
    const headers = { 'X-Team': 'blue', Authorization: 'Basic abc' };
    await generateLoad(specFor(server, SMALL), { headers, apiKey: 'unused' });

    expect(new Set(server.asked.map(({ path }) => path)).size).toBeGreaterThan(1);
    for (const { headers } of server.asked)
      expect(headers).toMatchObject({ 'x-team': 'blue', authorization: 'Basic abc' });
  });

  it('number the measured requests, where they are to', async () => {
    using server = await serve();
    await generateLoad(specFor(server, { ...SMALL, requestIdPrefix: 'night-' }));

    const ids = server.asked.map(({ headers }) => headers['x-request-id']);
    expect(ids.filter((id) => id !== undefined)).toEqual(['night-0', 'night-1']);
  });

  it('are in no message, if the server repeats them', async () => {
    using server = await serve({ echo: 'x-pass' });
    const secret = 'correct-horse-battery';
    const thrown: unknown = await generateLoad(specFor(server, SMALL), {
      headers: { 'X-Pass': secret },
      secrets: secretsInHeader('X-Pass', secret),
    }).catch((error: unknown) => error);

    expect(String(thrown)).toContain('no *** here');
    expect(JSON.stringify(thrown)).not.toContain(secret);
  });

  it.each([
    ['Authorization', 'Bearer sk-1234', ['Bearer sk-1234', 'sk-1234']],
    ['X-Api-Key', 'k123', ['k123', 'k123']],
    ['X-Priority', '5', []],
    ['Cookie', 'session=abcdefgh; a=1', ['session=abcdefgh; a=1', 'session', 'abcdefgh']],
  ])('hide of %s: %s', (name, value, hidden) => {
    expect(secretsInHeader(name, value)).toEqual(hidden);
  });

  it.each([
    ['X-Team', 'blue', undefined],
    ['X Team', 'blue', /letters, digits and dashes/],
    ['X-Team', 'a\r\nX-Other: b', /printable ASCII/],
    ['X-Team', 'grün', /printable ASCII/],
    ['Host', 'other', /client itself sets/],
    ['Content-Length', '1', /client itself sets/],
  ])('may be %s: %j', (name, value, problem) => {
    if (problem === undefined) expect(headerProblem(name, value)).toBeUndefined();
    else expect(headerProblem(name, value)).toMatch(problem);
    expect(headerProblem(name, value) ?? '').not.toContain(value);
  });

  it('replace the token', () => {
    expect(accessHeaders({ apiKey: 'k' })).toEqual({ authorization: 'Bearer k' });
    expect(accessHeaders({ apiKey: 'k', headers: { Authorization: 'x' } })).toEqual({ authorization: 'x' });
  });
});

describe('a certificate that nobody vouches for', () => {
  it('is refused, with what to do', async () => {
    using server = await serve({ secure: true });
    const thrown: unknown = await generateLoad(specFor(server, SMALL)).catch((error: unknown) => error);
    expect(thrown).toMatchObject({
      code: 'ENDPOINT_UNREACHABLE',
      hint: expect.stringContaining('--insecure') as string,
    });
    expect(server.asked).toEqual([]);
  });

  it('is taken with `insecure`, by the scrapes as well', async () => {
    using server = await serve({ secure: true });
    const run = await generateLoad(specFor(server, { ...SMALL, endpoint: { insecure: true } }));
    expect(run.requests.map(({ state }) => state)).toEqual(['completed', 'completed']);
    expect(server.asked.map(({ path }) => path)).toContain('/metrics');
  });
});
