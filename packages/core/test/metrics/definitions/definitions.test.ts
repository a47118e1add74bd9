import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowOf } from '../../../src/load/health/window.js';
import type { RequestRecord } from '../../../src/load/records/record.js';
import { timelineOf } from '../../../src/load/health/timeline.js';
import { DEFINITIONS } from '../../../src/metrics/definitions/index.js';
import { failed, request } from '../run.js';
import { both, recompute, runWith } from './recompute.js';

/** Times of a few ms, so that many are equal, and counts that are 0 or missing. */
const ms = fc.integer({ min: 0, max: 3 });
const count = fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined });
const anyRequest: fc.Arbitrary<RequestRecord> = fc
  .record({ at: ms, wait: ms, gaps: fc.array(ms, { minLength: 1, maxLength: 4 }), usage: ms, end: ms })
  .chain(({ at, wait, gaps, usage, end }) => {
    let now = at + wait;
    const chunkMs = gaps.map((gap) => (now += gap));
    const [sentMs, usageMs, doneMs] = [at + wait, now + usage, now + usage + end];
    const times = { scheduledMs: at, sentMs, chunkMs, usageMs, doneMs };
    const text = { firstContentMs: chunkMs[0], lastContentMs: now };
    return fc
      .record({
        outputTokens: count,
        promptTokens: count,
        serverPromptTokens: count,
        text: fc.string({ maxLength: 2 }),
      })
      .map((counts) => request({ ...times, ...text, ...counts }));
  });
const objectives = fc.constantFrom(undefined, {}, { ttftMs: 1 }, { tpotMs: 1, e2elMs: 2 });

describe('every definition', () => {
  it.each(DEFINITIONS)('$name says where each number comes from, and makes none of nothing', (definition) => {
    const { values, unknown } = definition.recompute(runWith(both, {}), {});
    expect(values.filter(({ source }) => !/\.py|Source: \S/.test(source))).toEqual([]);
    const keys = [...values, ...unknown].map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    const none = definition.recompute(runWith([failed()], {}), {});
    for (const { key, value } of none.values.filter(({ value }) => value === 0)) {
      expect([key, value]).toEqual([
        expect.stringMatching(/completed|count|successful|incomplete|throughput|rate|per_second/),
        0,
      ]);
    }
  });

  it.each(DEFINITIONS)(
    '$name gives finite numbers alone, however times and counts fall together',
    (definition) => {
      fc.assert(
        fc.property(
          fc.array(fc.oneof(anyRequest, fc.constant(failed())), { maxLength: 25 }),
          objectives,
          (requests, slos) => {
            const run = runWith(requests, { slos });
            const window = windowOf(timelineOf(requests));
            const { values } = definition.recompute(
              { ...run, window },
              { countTokens: (text) => text.length },
            );
            const numbers = values.flatMap(({ value }) =>
              typeof value === 'number' ? [value] : Object.values(value),
            );
            expect(numbers.filter((value) => !Number.isFinite(value) || value < 0)).toEqual([]);
          },
        ),
      );
    },
  );

  it.each(DEFINITIONS)('$name has its headlines among its numbers', (definition) => {
    const { values } = definition.recompute(runWith(both, {}), {});
    for (const path of Object.values(definition.headlines)) {
      const [key, statistic = ''] = path.split(':');
      const value = values.find((reported) => reported.key === key)?.value;
      expect([path, typeof value === 'object' ? value[statistic] : value]).toEqual([
        path,
        expect.any(Number),
      ]);
    }
  });

  it.each(DEFINITIONS)('$name has no goodput without objectives', (definition) => {
    const { values, unknown } = definition.recompute(runWith(both, { slos: {} }), {});
    expect([...values, ...unknown].filter(({ key }) => /goodput|slo/.test(key))).toEqual([]);
  });

  it('gives our own numbers with what to know about them', () => {
    const { values, notes } = recompute('sweepline', both, { api: 'completions' });
    expect(values).toContainEqual(expect.objectContaining({ key: 'mean_ttft_ms', unit: 'ms', value: 75 }));
    expect(notes.join()).toMatch(/p99 and beyond of 2 requests/);
    const lost = failed({ error: { code: 'RESET', message: 'm' } });
    expect(recompute('sweepline', [...both, lost, lost, failed()]).notes).toEqual(
      expect.arrayContaining([
        'invalid: 3 of 5 requests did not complete.',
        'Requests that did not complete: 2 RESET, 1 failed.',
      ]),
    );
  });
});
