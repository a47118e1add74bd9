import { describe, expect, it } from 'vitest';
import { AnswerText } from '../../src/load/client/answer-text.js';
import { Mt19937 } from '../../src/load/prompts/mt19937.js';
import { codecOf } from '../../src/load/client/codecs/index.js';
import { EventScanner } from '../../src/load/client/wire/event-scanner.js';
import { MalformedResponse } from '../../src/load/client/wire/response-reader.js';

function parse(pieces: readonly Buffer[]): string[] {
  const payloads: string[] = [];
  const scanner = new EventScanner({
    event(payload) {
      payloads.push(payload);
      return undefined;
    },
    similar: () => payloads.push('similar'),
  });
  for (const piece of pieces) scanner.feed(piece, 0, piece.length);
  scanner.end();
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

describe('EventScanner', () => {
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

  it('takes any line end, each line its own, as it comes, and leaves out a mark of byte order', () => {
    const ends = ['\n', '\r\n', '\r'];
    for (let seed = 0; seed < 300; seed++) {
      const random = new Mt19937(seed);
      const mixed = STREAM.replace(/(?:\r?\n)+/g, (run) =>
        (ends[seed % 4] ?? ends[random.integer(0, 3)]!).repeat(run.replaceAll('\r', '').length),
      );
      expect(parse(cut(Buffer.from(`\ufeff${mixed}`), random, random.integer(1, 40))), `${seed}`).toEqual(
        PAYLOADS,
      );
    }
  });

  it('gives an event without an end up', () => {
    const scanner = new EventScanner({ event: () => 'text', similar: () => {} });
    const part = Buffer.alloc(1024 * 1024, 'x');
    expect(() => {
      for (let i = 0; i < 17; i++) scanner.feed(part, 0, part.length);
    }).toThrow(MalformedResponse);
  });

  it('counts a last event without its line ends', () => {
    expect(parse([Buffer.from('data: a\n\ndata: [DO'), Buffer.from('NE]')])).toEqual(['a', '[DONE]']);
  });

  it('hands an event over as soon as its empty line is there', () => {
    const seen: string[] = [];
    const scanner = new EventScanner({
      event(payload) {
        seen.push(payload);
        return undefined;
      },
      similar: () => seen.push('similar'),
    });
    const feed = (text: string) => scanner.feed(Buffer.from(text), 0, Buffer.byteLength(text));
    feed('data: a\n');
    expect(seen).toEqual([]);
    feed('\ndata: b');
    expect(seen).toEqual(['a']);
    feed('\r\r');
    expect(seen).toEqual(['a', 'b']);
  });
});

/** What a stream contains: chunks with recorded times, the first of them with content, and the rest. */
interface Summary {
  readonly contents: boolean[];
  readonly others: unknown[];
  readonly text: AnswerText;
}

function emptySummary(): Summary {
  return { contents: [], others: [], text: new AnswerText(false) };
}

const codec = codecOf('chat');

/** Parses each event on its own. */
function reference(events: readonly string[]): Summary {
  const summary = emptySummary();
  for (const event of events) note(summary, codec.readEvent(event));
  return summary;
}

function note(
  { contents, others, text }: Summary,
  event: ReturnType<typeof codec.readEvent>,
): string | undefined {
  if (event.kind !== 'chunk') {
    others.push(event);
    return undefined;
  }
  const { hasChoices, hasContent, textKey, text: said, ...rest } = event;
  if (hasChoices) contents.push(hasContent);
  if (said !== undefined) text.add(said);
  if (Object.keys(rest).length > 1) others.push(rest);
  return hasChoices && rest.finishReason === undefined && rest.usage === undefined ? textKey : undefined;
}

function scanned(pieces: readonly Buffer[]): Summary & { readonly parsed: number } {
  const summary = emptySummary();
  let parsed = 0;
  const scanner = new EventScanner({
    event(payload) {
      parsed++;
      return note(summary, codec.readEvent(payload));
    },
    similar(bytes, begin, end) {
      summary.contents.push(end > begin);
      summary.text.addEscaped(bytes, begin, end);
    },
  });
  for (const piece of pieces) scanner.feed(piece, 0, piece.length);
  scanner.end();
  return { ...summary, parsed };
}

const TEXTS = [
  ' a',
  '',
  'é',
  '日本',
  '🙂',
  '"',
  '\\',
  '\n',
  '\u0001',
  ' data: ',
  '"usage":{"x":1}',
  '}]}',
  '\n\ndata: x',
];

/** A stream as servers write it, with quirks of several servers. */
function randomStream(random: Mt19937): readonly string[] {
  const id = random.integer(0, 1000);
  const events = Array.from({ length: random.integer(1, 30) }, () => {
    const text = TEXTS[random.integer(0, TEXTS.length)];
    const kind = random.integer(0, 12);
    if (kind === 0) return { id, choices: [], usage: null };
    if (kind === 1) return { id, created: random.integer(0, 3), choices: [{ index: 0, text }] };
    if (kind === 2) return { id, choices: [{ index: 0, text, finish_reason: 'length' }], usage: null };
    if (kind === 3)
      return {
        id,
        choices: [
          { index: 0, text },
          { index: 1, text: 'b' },
        ],
      };
    return { id, choices: [{ index: 0, text, logprobs: null, finish_reason: null }], usage: null };
  });
  const usage = { id, choices: [], usage: { prompt_tokens: 3, completion_tokens: events.length } };
  return [...[...events, usage].map((event) => JSON.stringify(event)), '[DONE]'];
}

describe('EventScanner by comparing bytes', () => {
  it('tells what parsing each event would, for any stream, cut anywhere', () => {
    for (let seed = 0; seed < 2000; seed++) {
      const random = new Mt19937(seed);
      const events = randomStream(random);
      const lineEnd = seed % 2 === 0 ? '\n' : '\r\n';
      const bytes = Buffer.from(events.map((event) => `data: ${event}${lineEnd}${lineEnd}`).join(''));
      const longest = [1, 7, 100, 5000][seed % 4]!;

      const { parsed: _, text, ...summary } = scanned(cut(bytes, random, longest));
      const { text: expected, ...others } = reference(events);

      expect(summary, `seed ${seed}`).toEqual(others);
      expect(text.toString(), `seed ${seed}`).toBe(expected.toString());
    }
  });

  it.each([
    [
      'a name spelled with an escape, and another',
      '{"note":{"text":"x"},"choices":[{"t\\u0065xt":"a"}]}',
      '{"note":{"text":"y"},"choices":[{"t\\u0065xt":"a"}]}',
    ],
    [
      'a name with a space behind it, and another',
      '{"note":{"text":"x"},"choices":[{"text": "a"}]}',
      '{"note":{"text":"y"},"choices":[{"text": "a"}]}',
    ],
    [
      'a name that ends like it',
      '{"a\\"text":"x","choices":[{"text": "a"}]}',
      '{"a\\"text":"y","choices":[{"text": "a"}]}',
    ],
    [
      'a thought that is there twice',
      '{"choices":[{"delta":{"reasoning":"a","reasoning_content":"a"}}]}',
      '{"choices":[{"delta":{"reasoning":"a","reasoning_content":"b"}}]}',
    ],
  ])('is not misled by %s', (_name, first, second) => {
    const bytes = Buffer.from([first, second].map((event) => `data: ${event}\n\n`).join(''));
    const { text, contents } = scanned([bytes]);
    const expected = reference([first, second]);
    expect({ text: text.toString(), contents }).toEqual({
      text: expected.text.toString(),
      contents: expected.contents,
    });
  });

  it('is not misled by a comment', () => {
    const events = ['x', 'y'].map((word) => `: "text":"${word}"\ndata: {"choices":[{"text": "a"}]}\n\n`);
    expect(scanned([Buffer.from(events.join(''))]).text.toString()).toBe('aa');
  });

  it('parses the first chunk, the last and the usage of a stream, and none between', () => {
    const chunk = (text: string, finish: string | null) =>
      JSON.stringify({ id: 'x', choices: [{ index: 0, text, finish_reason: finish }] });
    const events = [
      ...Array.from({ length: 500 }, (_, index) => chunk(` token${index}`, null)),
      chunk('', 'length'),
      JSON.stringify({ id: 'x', choices: [], usage: { prompt_tokens: 1, completion_tokens: 501 } }),
      '[DONE]',
    ];
    const bytes = Buffer.from(events.map((event) => `data: ${event}\n\n`).join(''));

    for (const longest of [1, 100, 100_000]) {
      const { parsed, contents } = scanned(cut(bytes, new Mt19937(1), longest));
      expect(parsed).toBe(4);
      expect(contents).toHaveLength(501);
    }
  });
});
