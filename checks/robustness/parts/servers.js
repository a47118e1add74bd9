// @ts-check
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cli, defectOf } from '../cli.js';
import { rawServer } from '../servers.js';

/** @typedef {(socket: import('node:net').Socket, good: string) => void} Behaviour */

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';

/** @param {string} good @param {string} [more] */
const withLength = (good, more = '') =>
  `${HEAD}${more}content-length: ${Buffer.byteLength(good)}\r\n\r\n${good}`;
/** @param {(good: string) => string | Buffer} make @returns {Behaviour} */
const bytes = (make) => (socket, good) => void socket.write(make(good));
/** @param {(good: string) => string | Buffer} make @returns {Behaviour} */
const bytesAndEnd = (make) => (socket, good) => void socket.end(make(good));
/** @param {(good: string) => string} make @returns {Behaviour} Changes the events of an answer with a content length. */
const events = (make) => bytes((good) => withLength(make(good)));
/** @param {number} status @param {string} head @param {string} body */
const status = (status, head, body) =>
  bytes(() => `HTTP/1.1 ${status} X\r\n${head}content-length: ${body.length}\r\n\r\n${body}`);

/** @type {Readonly<Record<string, Behaviour>>} */
const BEHAVIOURS = {
  'a page of HTML': bytes(
    () => 'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<html></html>',
  ),
  'an empty body': bytes(() => `${HEAD}content-length: 0\r\n\r\n`),
  'nothing, and closes': (socket) => void socket.end(),
  '503 with Retry-After': status(503, 'retry-after: 1\r\n', 'loading'),
  429: status(429, '', '{"error":{"message":"slow down"}}'),
  'a redirect': status(301, 'location: /elsewhere\r\n', ''),
  'HTTP/2': bytesAndEnd(() => Buffer.from('000012040000000000', 'hex')),
  'bytes that are not HTTP': bytesAndEnd(() =>
    Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 97) % 256)),
  ),
  'a head of 1 MB': bytesAndEnd(
    () => `${HEAD}${'x-long: '.concat('y'.repeat(1000), '\r\n').repeat(1000)}\r\n`,
  ),
  '1,000 times 100 Continue': bytesAndEnd(
    (good) => 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000) + withLength(good),
  ),
  'a length that is too short': bytesAndEnd((good) => `${HEAD}content-length: 40\r\n\r\n${good}`),
  'a length that is too long': bytesAndEnd(
    (good) => `${HEAD}content-length: ${good.length + 500}\r\n\r\n${good}`,
  ),
  'two lengths': bytesAndEnd((good) => withLength(good, 'content-length: 7\r\n')),
  'a length and chunks': bytesAndEnd((good) => withLength(good, 'transfer-encoding: chunked\r\n')),
  'announced gzip that is not gzip': bytesAndEnd((good) => withLength(good, 'content-encoding: gzip\r\n')),
  'gzip that is not announced': bytesAndEnd(
    () => `${HEAD}content-length: 20\r\n\r\n\x1f\x8b\x08${'\0'.repeat(17)}`,
  ),
  'NUL within events': events((good) => good.replace(' w1', ' \0w1')),
  'invalid UTF-8': (socket, good) =>
    void socket.write(Buffer.from(withLength(good).replace(' w1', ' \xff\xfe'), 'latin1')),
  'an error event': events((good) => `data: {"error":{"message":"out of memory"}}\n\n${good}`),
  'events cut off, properly': events((good) => good.slice(0, good.indexOf('\n\n', 100) + 2)),
  'events cut off, by closing': bytesAndEnd(
    (good) => `${HEAD}transfer-encoding: chunked\r\n\r\n50\r\n${good.slice(0, 80)}\r\n`,
  ),
  'a reset': (socket, good) => {
    socket.write(`${HEAD}content-length: 1000\r\n\r\n${good.slice(0, 80)}`, () => socket.resetAndDestroy());
  },
  'a byte per write': (socket, good) => {
    for (const byte of Buffer.from(withLength(good))) socket.write(Buffer.of(byte));
  },
  'comments between events': events((good) => `: ping\n\n${good.replaceAll('\n\n', '\n\n: ping\n\n')}`),
  '[DONE] thrice': events((good) => good + 'data: [DONE]\n\n'.repeat(2)),
  'usage in each event': events((good) =>
    good.replaceAll('"choices":[{', '"usage":{"prompt_tokens":8,"completion_tokens":1},"choices":[{'),
  ),
  'usage as text': events((good) => good.replace(/"completion_tokens":(\d+)/, '"completion_tokens":"$1"')),
  'usage of 1e308': events((good) => good.replace(/"completion_tokens":\d+/, '"completion_tokens":1e308')),
  'an event of 20 MB': bytesAndEnd((good) =>
    withLength(`data: {"choices":[{"text":"${'x'.repeat(20_000_000)}"}]}\n\n${good}`),
  ),
  'an HTTP chunk without a size': bytesAndEnd(
    (good) => `${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n${good}\r\n0\r\n\r\n`,
  ),
  'an HTTP chunk of a negative size': bytesAndEnd(
    (good) => `${HEAD}transfer-encoding: chunked\r\n\r\n-5\r\n${good}\r\n0\r\n\r\n`,
  ),
  'JSON of 100,000 levels': events((good) => `data: ${'['.repeat(100_000)}\n\n${good}`),
};

const REQUESTS = 32;
const ARGS = [
  '--model',
  'fake-model',
  '--random-input-len',
  '8',
  '--random-output-len',
  '4',
  '--max-concurrency',
  '4',
  '--num-prompts',
  String(REQUESTS),
];

/** Each behaviour in all answers, and in 1 of 8. @type {import('../cases.js').Part} */
export const servers = {
  name: 'servers',
  title: 'hostile servers, each in all answers and in 1 of 8',
  claim:
    'ends within a minute without a defect; in 1 of 8: with a result in which each request is counted once',
  cases: () =>
    Object.entries(BEHAVIOURS).flatMap(([name, behave]) => [
      { name: `${name}, always`, run: (context) => load(context, behave, () => true, false) },
      {
        name: `${name}, 1 of 8`,
        run: (context) => load(context, behave, (ordinal) => ordinal % 8 === 7, true),
      },
    ]),
};

/** @param {import('../cases.js').Context} context @param {Behaviour} behave @param {(ordinal: number) => boolean} applies @param {boolean} wantsResult */
async function load({ folder }, behave, applies, wantsResult) {
  const server = await rawServer((ordinal) => (applies(ordinal) ? behave : bytes(withLength)));
  try {
    const [records, result] = [join(folder, 'records.jsonl'), join(folder, 'result.json')];
    rmSync(result, { force: true });
    const kept = [
      '--keep-records',
      records,
      '--save-result',
      '--result-dir',
      folder,
      '--result-filename',
      'result.json',
    ];
    const ended = await cli(['bench', '--base-url', server.url, ...ARGS, ...kept], { cwd: folder });
    const problem = defectOf(ended);
    if (problem !== undefined || !wantsResult) return problem;
    if (!existsSync(result)) return `no result, exit code ${ended.code}: ${ended.stderr.slice(-300)}`;
    return miscounted(readFileSync(records, 'utf8'));
  } finally {
    server.close();
  }
}

/** @param {string} records */
function miscounted(records) {
  const indices = records.split('\n').flatMap((line) => /^\{"index":(\d+)/.exec(line)?.[1] ?? []);
  if (indices.length === REQUESTS && new Set(indices).size === REQUESTS) return undefined;
  return `${indices.length} records, ${new Set(indices).size} different, of ${REQUESTS} requests`;
}
