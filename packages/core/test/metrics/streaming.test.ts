import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../src/load/records/record.js';
import { marksOf } from '../../src/metrics/marks.js';
import { request, runOf } from './run.js';

/** A response of `tokens` tokens, sent at 100 ms. */
function response(tokens: number, chunkMs: readonly number[]): RequestRecord {
  const lengths = { requestedOutputTokens: tokens, outputTokens: tokens, textChunks: chunkMs.length };
  return request({ ...lengths, chunkMs: chunkMs.map((ms) => 100 + ms) });
}

/** Chunks of `size` tokens from `ttftMs` on, one token every `tokenMs`. */
const steady = (tokens: number, size: number, ttftMs: number, tokenMs: number) =>
  response(
    tokens,
    Array.from({ length: Math.ceil(tokens / size) }, (_, i) => ttftMs + i * size * tokenMs),
  );

/** The same with the first token separate, as vLLM and SGLang send it. */
const firstAlone = (tokens: number, size: number, ttftMs: number, tokenMs: number) =>
  response(tokens, [
    ttftMs,
    ...Array.from({ length: Math.ceil((tokens - 1) / size) }, (_, i) => ttftMs + (i + 1) * size * tokenMs),
  ]);

/** Chunks as from `steady`, released every `flushMs` by a buffer in between. */
const flushed = (tokens: number, size: number, tokenMs: number, flushMs: number) => {
  const { chunkMs } = steady(tokens, size, 50, tokenMs);
  return response(
    tokens,
    Array.from(chunkMs, (ms) => Math.ceil((ms - 100) / flushMs) * flushMs),
  );
};

/** All chunks in one piece, spread over the reads that its bytes need. */
const piece = (chunks: number, atMs: number) => Array.from({ length: chunks }, (_, i) => atMs + 0.001 * i);

function marks(responses: readonly RequestRecord[], max?: number) {
  const { spec } = runOf(responses);
  const tokensPerChunk = max === undefined ? {} : { tokensPerChunk: { max } };
  return marksOf(runOf(responses, { spec: { ...spec, ...tokensPerChunk } })).map(
    ({ code, severity }) => `${severity} ${code}`,
  );
}

const ten = (one: RequestRecord) => Array.from({ length: 10 }, () => one);

describe('honest streams', () => {
  const INTERVALS = [1, 2, 4, 8, 10, 16, 20, 30, 32, 50, 64];
  const LENGTHS = [65, 128, 200, 1024];
  it.each(INTERVALS)('of %i tokens a chunk are not marked, with and without a recipe', (interval) => {
    for (const tokens of LENGTHS) {
      for (const [ttftMs, tokenMs] of [
        [1, 1],
        [300, 20],
        [5000, 0.5],
        [20, 100],
      ] as const) {
        for (const of of [steady, firstAlone]) {
          const responses = ten(of(tokens, interval, ttftMs, tokenMs));
          expect(marks(responses)).toEqual([]);
          expect(marks(responses, interval)).toEqual([]);
        }
      }
    }
  });

  it('that fit into one chunk or two are not, where the recipe says so', () => {
    expect(marks(ten(steady(64, 64, 400, 5)), 64)).toEqual([]);
    expect(marks(ten(firstAlone(64, 64, 400, 5)), 64)).toEqual([]);
    expect(marks(ten(firstAlone(64, 64, 400, 5)))).toEqual([]);
  });

  it('of drafted tokens are not, in a chunk or in chunks of their own', () => {
    const steps = Array.from({ length: 32 }, (_, i) => 300 + 15 * i);
    const accepted = response(80, steps);
    expect(marks(ten(accepted))).toEqual([]);
    expect(marks(ten(accepted), 4)).toEqual([]);
    const apart = response(
      128,
      steps.flatMap((ms) => [ms, ms, ms, ms + 0.01]),
    );
    expect(marks(ten(apart))).toEqual([]);
    expect(marks(ten(apart), 4)).toEqual([]);
    // A whole answer in one step.
    expect(marks(ten(response(4, [300, 300, 300, 300])), 4)).toEqual([]);
  });

  it('of steps that make eight tokens at once are not', () => {
    const steps = Array.from({ length: 16 }, (_, i) => 300 + 8 * 15 * i);
    expect(
      marks(
        ten(
          response(
            128,
            steps.flatMap((ms) => piece(8, ms)),
          ),
        ),
      ),
    ).toEqual([]);
    expect(marks(ten(response(9, [300, ...piece(8, 420)])))).toEqual([]);
  });

  it('of a server that answers at once are not', () => {
    const instant = Array.from({ length: 10 }, (_, i) => response(32, piece(32, i < 4 ? 30 : 2)));
    expect(marks(instant)).toEqual([]);
  });

  it('behind a short prefill or a long one are not, however fast they are', () => {
    for (const ttftMs of [25, 300, 8000]) expect(marks(ten(steady(16, 1, ttftMs, 0.4)), 1)).toEqual([]);
  });

  it('of which a busy client reads some chunks together are not', () => {
    const { chunkMs } = steady(64, 1, 300, 2);
    const late = response(
      64,
      Array.from(chunkMs, (ms, i) => (i % 4 === 3 ? ms - 100 + 2 : ms - 100)),
    );
    expect(marks(ten(late), 1)).toEqual([]);
  });
});

describe('responses that were held back', () => {
  it.each([1, 2, 8, 32, 512])('are invalid when %i chunks come in one piece', (chunks) => {
    expect(marks(ten(response(Math.max(2, chunks), piece(chunks, 300))))).toEqual(['invalid not-streamed']);
  });

  it('are, whatever a chunk may hold', () => {
    expect(marks(ten(response(128, piece(13, 900))), 10)).toEqual(['invalid not-streamed']);
    expect(marks(ten(response(128, piece(1, 900))), 10)).toContain('invalid not-streamed');
  });

  it('are when the first tokens come before the rest', () => {
    expect(marks(ten(response(32, [20, ...piece(31, 320)])))).toEqual(['invalid not-streamed']);
    expect(marks(ten(response(64, [20, 40, 60, 80, ...piece(60, 1200)])))).toEqual(['invalid not-streamed']);
    expect(marks(ten(response(10, [20, ...piece(9, 320)])))).toEqual(['invalid not-streamed']);
  });

  it('are a note when they are not most', () => {
    const honest = steady(32, 1, 50, 10);
    const held = response(32, piece(32, 360));
    expect(marks([...ten(honest), ...ten(honest), held])).toEqual([]);
    expect(marks([...ten(honest), held, held])).toEqual(['note not-streamed']);
    expect(marks([...ten(honest).slice(5), ...ten(held)])).toEqual(['invalid not-streamed']);
  });

  it('are not when there was one token to wait for', () => {
    expect(marks(ten(response(1, [300])))).toEqual([]);
  });
});

describe('bursts', () => {
  it('are judged where it is known what a chunk holds', () => {
    const proxy = flushed(128, 1, 10, 300);
    expect(marks(ten(proxy))).toEqual([]);
    expect(marks(ten(proxy), 1)).toEqual(['invalid not-streamed']);
    expect(marks(ten(flushed(128, 1, 10, 25)), 1)).toEqual(['note not-streamed']);
    expect(marks(ten(flushed(640, 10, 15, 300)), 10)).toEqual(['note not-streamed']);
    expect(marks(ten(flushed(128, 1, 10, 12)), 1)).toEqual([]);
  });
});

describe('tokens a chunk', () => {
  it('are a note beyond what the server was set up for, and invalid far beyond', () => {
    const claims = (tokens: number) =>
      ten({ ...steady(64, 1, 300, 10), outputTokens: tokens, requestedOutputTokens: tokens });
    expect(marks(claims(68), 1)).toEqual([]);
    expect(marks(claims(72), 1)).toEqual(['note tokens-per-chunk']);
    expect(marks(claims(128), 1)).toEqual(['invalid tokens-per-chunk']);
    expect(marks(claims(128))).toEqual([]);
    expect(marks(claims(128), 4)).toEqual([]);
  });
});

describe('chunks without a token', () => {
  const withEmpty = (count: number) => {
    const made = steady(64, 1, 300, 10);
    return ten({
      ...made,
      chunkMs: [...Array.from(made.chunkMs), ...Array.from({ length: count }, (_, i) => 5000 + 400 * i)],
    });
  };
  it('are a note beyond those that begin and end an answer', () => {
    expect(marks(withEmpty(2))).toEqual([]);
    expect(marks(withEmpty(3))).toEqual(['note empty-chunks']);
  });
  it('are not known of answers whose tokens are not', () => {
    expect(marks(withEmpty(20).map(({ outputTokens: _, ...one }) => one))).toEqual(['note missing-usage']);
  });
});
