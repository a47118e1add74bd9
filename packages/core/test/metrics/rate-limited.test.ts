import { expect, it } from 'vitest';
import type { RequestRecord, RunRecord } from '../../src/load/records/record.js';
import { marksOf } from '../../src/metrics/marks.js';
import { request, runOf } from './run.js';

const codes = (requests: readonly RequestRecord[], overrides: Partial<RunRecord>) =>
  marksOf(runOf(requests, overrides)).map(({ code }) => code);

const many = (count: number) => Array.from({ length: count }, (_, index) => request({ index }));

it('notes a schedule whose requests waited for slots', () => {
  const { spec } = runOf(many(20));
  const constant = (concurrency?: number) => ({
    spec: { ...spec, arrival: { pattern: 'constant' as const, rate: 50, concurrency } },
  });
  const late = many(20).map((one, index) => ({
    ...one,
    scheduledMs: 100 + index * 20,
    sentMs: 100 + index * 40,
  }));
  const [mark] = marksOf(runOf(late, constant(2)));
  expect(mark).toMatchObject({ code: 'rate-limited', severity: 'note' });
  expect(mark?.message).toContain(
    '95 % of requests waited for one of 2 slots, so that 25.0 requests/s were sent of 50',
  );
  // Slots were free, so the limit did not delay them.
  expect(codes(late, constant(3))).not.toContain('rate-limited');
  expect(codes(many(20), constant(2))).toEqual([]);
});
