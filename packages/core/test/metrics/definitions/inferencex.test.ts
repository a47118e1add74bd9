import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtinMetrics } from '../../../src/metrics/builtin/index.js';
import { computeMetrics } from '../../../src/metrics/compute.js';
import { failed, request } from '../run.js';
import { both, long, recompute, runWith, short, valuesOf } from './recompute.js';

describe('inferencex', () => {
  it('ends completions with their last chunk', () => {
    expect(valuesOf('inferencex', both, { api: 'completions' })).toMatchObject({
      duration: 2,
      completed: 2,
      total_input_tokens: 30,
      total_output_tokens: 9,
      output_throughput: 4.5,
      total_token_throughput: 19.5,
      mean_ttft_ms: 75,
      mean_tpot_ms: 45,
      mean_itl_ms: 75,
      mean_e2el_ms: 225,
    });
  });

  it('ends chat requests with their usage chunk', () => {
    const values = valuesOf('inferencex', both);
    expect(values).toMatchObject({
      mean_ttft_ms: 75,
      mean_itl_ms: 75,
      mean_e2el_ms: 242.5,
      mean_tpot_ms: 49.25,
    });
  });

  it.each([
    ['is missing', { ...long, outputTokens: undefined, usageMs: undefined }],
    ['comes with text', { ...long, usageMs: undefined }],
  ])('counts no tokens where usage %s, and says so', (_, request) => {
    const { values, notes } = recompute('inferencex', [request, short]);
    const value = (key: string) => values.find((reported) => reported.key === key)?.value;
    expect(value('total_output_tokens')).toBe(3);
    expect(value('mean_tpot_ms')).toBe(52.5);
    expect(value('mean_e2el_ms')).toBe((250 + 205) / 2);
    expect(notes.join()).toMatch(/count as 0/);
    expect(recompute('inferencex', both).notes.join()).not.toMatch(/count as 0/);
  });

  it('takes the usage of servers that it does not ask as it comes', () => {
    const values = valuesOf('inferencex', [{ ...long, usageMs: undefined }], { api: 'sglang' });
    expect(values).toMatchObject({ total_output_tokens: 6, mean_tpot_ms: 40 });
  });

  it('writes goodput under its key with a colon, and only when asked', () => {
    expect(valuesOf('inferencex', both, { slos: { ttftMs: 60, tpotMs: 46 } })['request_goodput:']).toBe(0.5);
    expect(valuesOf('inferencex', both, { slos: { tpotMs: 45.9 } })['request_goodput:']).toBe(0);
    expect(valuesOf('inferencex', both)).not.toHaveProperty('request_goodput:');
  });

  it('is what bench and sweeps give for completions', () => {
    const record = fc
      .record({
        sent: fc.nat(1000),
        first: fc.integer({ min: 1, max: 500 }),
        gaps: fc.array(fc.nat(100), { maxLength: 8 }),
        tokens: fc.integer({ min: 1, max: 40 }),
      })
      .map(({ sent, first, gaps, tokens }) => {
        let at = sent + first;
        const chunkMs = [at, ...gaps.map((gap) => (at += gap))];
        return request({
          sentMs: sent,
          scheduledMs: sent,
          chunkMs,
          usageMs: at,
          doneMs: at + 1,
          outputTokens: tokens,
        });
      });
    const slos = { ttftMs: 200, tpotMs: 50, e2elMs: 400 };
    fc.assert(
      fc.property(fc.array(fc.oneof(record, fc.constant(failed())), { maxLength: 12 }), (requests) => {
        const ours = computeMetrics(runWith(requests, { slos, api: 'completions' }), builtinMetrics).values;
        const theirs = valuesOf('inferencex', requests, { slos, api: 'completions' });
        for (const [key, value] of Object.entries(theirs)) {
          // Ours leaves out what is undefined when nothing completed.
          if (theirs['completed'] === 0) continue;
          expect([key, ours[key.replace(':', '')]]).toEqual([key, value]);
        }
      }),
    );
  });
});
