import { expect, it } from 'vitest';
import { fromSchedule } from '../../src/metrics/builtin/from-schedule.js';
import { outputRate } from '../../src/metrics/builtin/output-rate.js';
import { errorsOf } from '../../src/metrics/failures.js';
import { failed, request, runOf } from './run.js';

it('measures latency from when a request was due, waiting included', () => {
  const waited = request({ scheduledMs: 20, sentMs: 100 });
  const values = fromSchedule.compute(runOf([request(), waited, failed({ chunkMs: [5000] })]));
  expect(values).toMatchObject({ mean_ttft_from_schedule_ms: 90, 'p99.9_e2el_from_schedule_ms': 329.92 });
  expect(fromSchedule.compute(runOf([failed()]))).toEqual({});
});

it("gives each request's output rate, with the slow end as its tail", () => {
  const values = outputRate.compute(
    runOf([request(), request({ outputTokens: 12 }), request({ outputTokens: undefined })]),
  );
  expect(values).toMatchObject({ mean_request_output_rate: 36, median_request_output_rate: 36 });
  expect(values['p10_request_output_rate']).toBeCloseTo(26.4, 9);
  expect(outputRate.compute(runOf([request({ outputTokens: undefined })]))).toEqual({});
  expect(outputRate.compute(runOf([request({ chunkMs: [100] })]))).toEqual({});
});

it('counts what went wrong by code, by state where there is none', () => {
  const error = (code: string) => failed({ error: { code, message: 'm' } });
  const run = runOf([
    request(),
    error('HTTP_500'),
    error('RESET'),
    error('RESET'),
    failed({ state: 'cancelled' }),
  ]);
  expect(Object.entries(errorsOf(run))).toEqual([
    ['RESET', 2],
    ['HTTP_500', 1],
    ['cancelled', 1],
  ]);
  expect(errorsOf(runOf([request()]))).toEqual({});
});
