import { describe, expect, it } from 'vitest';
import { Mt19937 } from '../../src/load/prompts/mt19937.js';
import { MalformedResponse, ResponseReader } from '../../src/load/client/wire/response-reader.js';

interface Seen {
  status: number;
  body: string;
  ended: boolean | undefined;
}

function read(pieces: readonly Buffer[], close = false): Seen {
  const seen: Seen = { status: 0, body: '', ended: undefined };
  const body: Buffer[] = [];
  const reader = new ResponseReader({
    head: (status) => (seen.status = status),
    body: (bytes, begin, end) => body.push(Buffer.from(bytes.subarray(begin, end))),
    end: (reusable) => (seen.ended = reusable),
  });
  for (const piece of pieces) reader.feed(piece, 0, piece.length);
  if (close) reader.close();
  return { ...seen, body: Buffer.concat(body).toString('utf8') };
}

function cut(text: string, random: Mt19937, longest: number): Buffer[] {
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + random.integer(1, longest + 1);
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

const BODY = 'data: {"text":"日本"}\n\ndata: [DONE]\n\n';
const size = (text: string) => Buffer.byteLength(text).toString(16);
const CHUNKED = [
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n',
  `${size(BODY.slice(0, 9))};name="v"\r\n${BODY.slice(0, 9)}\r\n`,
  `00${size(BODY.slice(9)).toUpperCase()}\r\n${BODY.slice(9)}\r\n`,
  '0\r\nX-Trailer: 1\r\n\r\n',
].join('');

describe('ResponseReader', () => {
  it.each([
    ['chunked', CHUNKED, false, true],
    ['counted', `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(BODY)}\r\n\r\n${BODY}`, false, true],
    [
      'counted, not to be reused',
      `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(BODY)}\r\n\r\n${BODY}`,
      false,
      false,
    ],
    ['up to the end of the connection', `HTTP/1.0 200 OK\r\n\r\n${BODY}`, true, false],
    [
      'chunked, as a line says that goes on',
      CHUNKED.replace('Transfer-Encoding: chunked', 'Transfer-Encoding:\r\n  chunked'),
      false,
      true,
    ],
    [
      'counted twice alike',
      `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(BODY)}\r\ncontent-length: ${Buffer.byteLength(BODY)}\r\n\r\n${BODY}`,
      false,
      true,
    ],
    [
      'not to be reused, as one of two lines says',
      CHUNKED.replace('200 OK', '200 OK\r\nConnection: close\r\nConnection: keep-alive'),
      false,
      false,
    ],
    ['with bare line feeds', CHUNKED.replaceAll('\r\n', '\n'), false, true],
  ])('reads a body that is %s, however it is cut', (_name, text, close, reusable) => {
    for (let seed = 0; seed < 200; seed++) {
      const random = new Mt19937(seed);
      expect(read(cut(text, random, [1, 3, 50, 1000][seed % 4]!), close)).toEqual({
        status: 200,
        body: BODY,
        ended: reusable,
      });
    }
  });

  it.each([
    ['204 No Content', true],
    ['304 Not Modified', true],
    ['101 Switching Protocols', false],
  ])('takes %s for an answer without a body, whatever its fields say', (status, reusable) => {
    const text = `HTTP/1.1 ${status}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    for (const longest of [1, 1000]) {
      const pieces = cut(text, new Mt19937(1), longest);
      expect(read(pieces)).toMatchObject({ status: Number.parseInt(status), ended: reusable });
    }
  });

  it('ends at once where there is no body, and not before all of it is there', () => {
    expect(read([Buffer.from('HTTP/1.1 204 No Content\r\n\r\n')])).toMatchObject({
      status: 204,
      ended: true,
    });
    expect(read([Buffer.from('HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n')])).toMatchObject({
      status: 503,
      ended: true,
    });
    expect(read([Buffer.from(CHUNKED.slice(0, -2))], true).ended).toBeUndefined();
  });

  it.each([
    ['SSH-2.0-OpenSSH_9\r\n\r\n'],
    ['SSH-2.0-OpenSSH_9'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\na'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\nabc\r\n'],
    ['HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab'],
    [`HTTP/1.1 200 OK\r\n${'a'.repeat(70_000)}`],
  ])('refuses what is not HTTP/1.1: %j', (text) => {
    expect(() => read([Buffer.from(text)])).toThrow(MalformedResponse);
  });
});
