import { describe, expect, it } from 'vitest';
import { Mt19937 } from '../../src/load/prompts/mt19937.js';
import { SseParser } from '../../src/load/sse.js';

function parse(pieces: readonly Buffer[]): string[] {
  const payloads: string[] = [];
  const parser = new SseParser((payload) => payloads.push(payload));
  for (const piece of pieces) parser.feed(piece);
  parser.end();
  return payloads;
}

function cut(bytes: Buffer, random: Mt19937, longest: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + random.integer(1, longest + 1);
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

const STREAM = [
  ': comment\n\n',
  'data: {"text":"wörd"}\n\n',
  'data:{"text":"no space"}\r\n\r\n',
  'event: message\nid: 7\nretry: 1\ndata: {"text":"日本語🙂"}\n\n',
  'data:  two spaces\n\n',
  'data: first\ndata: second\n\n',
  'data\n\n',
  'database: not data\n\n',
  'data: [DONE]\n\n',
].join('');
const PAYLOADS = [
  '{"text":"wörd"}',
  '{"text":"no space"}',
  '{"text":"日本語🙂"}',
  ' two spaces',
  'first\nsecond',
  '',
  '[DONE]',
];

describe('SseParser', () => {
  it('reads events that come in one piece', () => {
    expect(parse([Buffer.from(STREAM)])).toEqual(PAYLOADS);
  });

  it('reads the same events however the bytes are cut', () => {
    const bytes = Buffer.from(STREAM);
    for (let seed = 0; seed < 300; seed++) {
      const random = new Mt19937(seed);
      expect(parse(cut(bytes, random, random.integer(1, 40)))).toEqual(PAYLOADS);
    }
  });

  it('hands an event over as soon as its empty line is there', () => {
    const payloads: string[] = [];
    const parser = new SseParser((payload) => payloads.push(payload));
    parser.feed(Buffer.from('data: a\n'));
    expect(payloads).toEqual([]);
    parser.feed(Buffer.from('\ndata: b'));
    expect(payloads).toEqual(['a']);
  });

  it('counts a last event without its line ends', () => {
    expect(parse([Buffer.from('data: a\n\ndata: [DO'), Buffer.from('NE]')])).toEqual(['a', '[DONE]']);
  });
});
