import { expect, it } from 'vitest';
import { caveatsOf } from '../../src/metrics/caveats.js';
import { computeMetrics } from '../../src/metrics/compute.js';
import { builtinMetrics } from '../../src/metrics/builtin/index.js';
import { rawResult } from '../../src/results/raw-result.js';
import { failed, request, runOf } from './run.js';

/** `count` requests, one after the other in a slot. */
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const sentMs = index * 10;
    return request({
      index,
      sentMs,
      scheduledMs: sentMs,
      chunkMs: [sentMs + 1, sentMs + 10],
      firstContentMs: sentMs + 1,
      doneMs: sentMs + 10,
    });
  });

it('says on how few requests a p99 rests', () => {
  expect(caveatsOf(runOf(many(1002)))).toEqual([]);
  expect(caveatsOf(runOf(many(1001)))).toEqual([
    {
      code: 'p99-few-steady-requests',
      message: expect.stringMatching(/999 requests in the steady window depend on the slowest 9/) as string,
    },
  ]);
  expect(caveatsOf(runOf(many(999)))).toEqual([
    {
      code: 'p99-few-requests',
      message: expect.stringMatching(/999 requests depend on the slowest 9 of them/) as string,
    },
  ]);
  expect(caveatsOf(runOf(many(50)))[0]?.message).toMatch(/slowest one of them/);
});

it('says why a run has no steady window', () => {
  expect(caveatsOf(runOf([failed()]))).toEqual([
    { code: 'no-steady-window', message: 'no request completed' },
  ]);
});

it('goes into the raw result with errors, the steady window and intervals', () => {
  const requests = [...many(40), failed({ error: { code: 'RESET', message: 'm' } })];
  const run = runOf(requests, { window: { startMs: 0, endMs: 400 } });
  expect(
    rawResult({ run, values: {}, intervals: computeMetrics(run, builtinMetrics).intervals, modelId: 'm' })[
      'sweepline'
    ],
  ).toMatchObject({
    errors: { RESET: 1 },
    caveats: [{ code: 'p99-few-requests' }],
    steadyWindow: { startMs: 10, endMs: 390 },
    intervals: {
      level: 0.95,
      blocks: 10,
      values: { mean_ttft_ms: [expect.any(Number), expect.any(Number)] },
    },
  });
  expect(
    rawResult({ run: runOf([failed()]), values: {}, intervals: {}, modelId: 'm' })['sweepline'],
  ).toMatchObject({
    steadyWindow: { reason: 'no request completed' },
    intervals: { reason: '0 requests completed; intervals need 20' },
  });
});

it('says when the first chunk is empty, and the first text comes visibly later', () => {
  const of = (contentMs: number) => {
    const requests = many(1002).map((one) => ({ ...one, firstContentMs: (one.sentMs ?? 0) + contentMs }));
    return caveatsOf(runOf(requests)).map(({ code }) => code);
  };
  expect(of(1)).toEqual([]);
  expect(of(5.5)).toEqual([]);
  expect(of(302)).toEqual(['empty-first-chunk']);
  const slow = Array.from({ length: 1002 }, (_, index) =>
    request({
      index,
      sentMs: 10 * index,
      scheduledMs: 10 * index,
      chunkMs: [10 * index + 1000],
      firstContentMs: 10 * index + 1040,
    }),
  );
  expect(caveatsOf(runOf(slow)).some(({ code }) => code === 'empty-first-chunk')).toBe(false);
});

it('says when most responses have no text', () => {
  const of = (without: number) => {
    const requests = many(1002).map(({ firstContentMs: _, ...one }, i) =>
      i < without ? one : { ...one, firstContentMs: (one.sentMs ?? 0) + 1 },
    );
    return caveatsOf(runOf(requests)).map(({ code }) => code);
  };
  expect(of(501)).toEqual([]);
  expect(of(502)).toEqual(['no-text']);
});
