import { describe, expect, it } from 'vitest';
import type { RequestRecord, RunRecord, WorkerHealth } from '../../src/load/records/record.js';
import { deliveredOf } from '../../src/metrics/delivered.js';
import { marksOf } from '../../src/metrics/marks.js';
import { failed, request, runOf } from './run.js';

const marks = (requests: readonly RequestRecord[], overrides: Partial<RunRecord> = {}) =>
  marksOf(runOf(requests, overrides)).map(({ code, severity }) => `${severity} ${code}`);

const many = (count: number, overrides: Partial<RequestRecord> = {}) =>
  Array.from({ length: count }, (_, index) => request({ index, ...overrides }));

const client = (overrides: Partial<RunRecord['client']>) => ({
  client: { ...runOf([]).client, ...overrides },
});

it('leaves a sound run unmarked', () => {
  expect(marks(many(20))).toEqual([]);
});

describe('requests', () => {
  it('notes a few failures, and refuses many', () => {
    expect(marks([...many(19), failed()])).toEqual(['note failed-requests']);
    expect(marks([...many(18), failed(), failed()])).toEqual(['invalid failed-requests']);
  });

  it('refuses a run without any completed request', () => {
    expect(marks([failed()])).toEqual(['invalid no-completed-request', 'invalid failed-requests']);
  });

  it('refuses an incomplete run', () => {
    expect(marks(many(3), { complete: false })).toEqual(['invalid incomplete']);
  });

  it('counts what was delivered', () => {
    const run = runOf([request(), failed(), failed({ sentMs: 3 })]);
    expect(deliveredOf(run)).toEqual({ offered: 3, sent: 2, completed: 1, failed: 2, peakInFlight: 2 });
  });
});

describe('the server', () => {
  it('notes missing usage', () => {
    expect(marks([...many(5), request({ outputTokens: undefined })])).toEqual(['note missing-usage']);
  });

  it('notes outputs of another length in more than 0.1 % of requests', () => {
    const short = request({ outputTokens: 5 });
    expect(marks([...many(999), short])).toEqual([]);
    expect(marks([...many(998), short])).toEqual(['note short']);
    expect(marks([...many(20), request({ outputTokens: 7 })])).toEqual(['note short']);
  });

  it('judges lengths by tokens as well: one answer may be as long as all others', () => {
    const long = request({ outputTokens: 300, chunkMs: Array.from({ length: 300 }, (_, i) => 150 + i) });
    expect(marks([...many(999), { ...long, index: 999 }])).toEqual(['note short']);
    expect(marks([...many(998), long, long])).toEqual(['invalid short']);
    expect(marks(many(3, { outputTokens: 4 }))).toEqual(['note short']);
    const [mark] = marksOf(runOf([...many(999), long]));
    expect(mark?.message).toMatch(/^1 of 1000 outputs .* by 4\.9 % of all tokens$/);
  });

  it('counts all choices as asked for', () => {
    const { spec } = runOf([]);
    expect(
      marks(many(3, { outputTokens: 12 }), { spec: { ...spec, numPrompts: 3, extraBody: { n: 2 } } }),
    ).toEqual([]);
  });

  it('refuses counts that can not be in more than 5 % of responses', () => {
    const impossible = failed({ error: { code: 'impossible-usage', message: 'completion_tokens is -4' } });
    expect(marks([...many(19), impossible])).toEqual(['note failed-requests', 'note impossible-usage']);
    const [, mark] = marksOf(runOf([...many(9), impossible]));
    expect(mark).toMatchObject({ code: 'impossible-usage', severity: 'invalid' });
    expect(mark?.message).toMatch(/^1 of 10 responses .* completion_tokens is -4$/);
  });

  it('notes what comes after the end', () => {
    expect(marks([...many(2), request({ lateEvents: 1 })])).toEqual(['note after-done']);
  });

  it('notes warm-ups that failed, and refuses a server that was not warmed up', () => {
    expect(marks(many(3), { warmups: { completed: 4, failed: 0 } })).toEqual([]);
    expect(marks(many(3), { warmups: { completed: 2, failed: 2 } })).toEqual(['note failed-warmups']);
    expect(marks(many(3), { warmups: { completed: 1, failed: 3 } })).toEqual(['invalid failed-warmups']);
  });

  it('accepts a constant number of special tokens, and notes anything else', () => {
    expect(marks(many(3, { serverPromptTokens: 12 }))).toEqual([]);
    expect(marks([request(), request({ serverPromptTokens: 10 })])).toEqual(['note prompt-count']);
    expect(marks(many(3, { serverPromptTokens: 5 }))).toEqual(['note prompt-count']);
    expect(marksOf(runOf(many(3, { serverPromptTokens: 40 })))).toMatchObject([
      { code: 'prompt-count', message: expect.stringMatching(/minus the client's is 30$/) as string },
    ]);
  });

  it('accepts a chat template of any constant size', () => {
    const { spec } = runOf(many(3));
    const chat = { spec: { ...spec, endpoint: { ...spec.endpoint, api: 'chat' as const } } };
    expect(marks(many(3, { serverPromptTokens: 40 }), chat)).toEqual([]);
  });

  it('notes prompts that missed the length asked for', () => {
    const text = { promptTokens: undefined, requestedPromptTokens: 100 };
    expect(marks(many(2, { ...text, serverPromptTokens: 101 }))).toEqual([]);
    expect(marks(many(2, { ...text, serverPromptTokens: 110 }))).toEqual(['note prompt-length']);
    const [mark] = marksOf(runOf(many(2, { ...text, serverPromptTokens: 95 })));
    expect(mark?.message).toMatch(/5\.0 % shorter/);
  });

  it('holds turns of a conversation to a closer length', () => {
    const text = { promptTokens: undefined, requestedPromptTokens: 4500, serverPromptTokens: 4440 };
    expect(marks(many(2, text))).toEqual([]);
    expect(marks(many(2, { ...text, turn: 1 }))).toEqual(['note prompt-length']);
  });

  it('holds conversations over chat to no more than what is said in them', () => {
    const { spec } = runOf(many(2));
    const chat = { spec: { ...spec, endpoint: { ...spec.endpoint, api: 'chat' as const } } };
    const said = { promptTokens: undefined, requestedPromptTokens: 159, turn: 1 };

    expect(marks(many(2, { ...said, serverPromptTokens: 234 }), chat)).toEqual([]);
    expect(marks(many(2, { ...said, serverPromptTokens: 150 }), chat)).toEqual(['note prompt-length']);
    expect(marks(many(2, { ...said, serverPromptTokens: 234 }))).toEqual(['note prompt-length']);
    expect(marks(many(2, { ...said, turn: undefined, serverPromptTokens: 234 }), chat)).toEqual([
      'note prompt-length',
    ]);
  });

  it('notes another form of prompts than was to be sent', () => {
    const prompts = { form: 'text' as const, refusal: 'prompt must be a string', notes: [] };
    const [mark] = marksOf(runOf(many(3), { prompts }));
    expect(mark).toMatchObject({ code: 'prompt-form', severity: 'note' });
    expect(mark?.message).toMatch(/are text: prompt must be a string$/);
  });
});

describe('the client', () => {
  it('refuses more in flight than asked for', () => {
    expect(marks(many(3), client({ peakInFlight: 3 }))).toEqual(['invalid over-concurrency']);
  });

  it('refuses a client that could not keep up', () => {
    const lag = { mean: 1, p99: 30, max: 90 };
    expect(marks(many(3), client({ eventLoopLagMs: lag }))).toEqual(['invalid slow-client']);
    expect(marks(many(3), client({ sendLagMs: { mean: 25, max: 60 } }))).toEqual(['invalid slow-client']);
  });

  it('measures its lag by the TTFT', () => {
    const slowServer = many(3, { chunkMs: [1100, 1200] });
    expect(marks(slowServer, client({ eventLoopLagMs: { mean: 5, p99: 45, max: 90 } }))).toEqual([]);
  });

  it('says nothing about a lag that is not known', () => {
    expect(marks(many(3), client({ eventLoopLagMs: undefined }))).toEqual([]);
  });

  const worker = (overrides: Partial<WorkerHealth>) =>
    client({
      workers: [
        { requests: 1, connections: { opened: 1, dropped: 0, retried: 0 } },
        { requests: 2, connections: { opened: 2, dropped: 0, retried: 0 }, ...overrides },
      ],
    });

  it.each([
    ['its event loop', { eventLoopLagMs: { mean: 5, p99: 30, max: 90 } }, 'slow-client', /30\.0 ms/],
    ['its core', { cpuShare: 0.97 }, 'client-cpu', /97 % of a core/],
    ['its timers', { timers: { ticks: 200, late: 61 } }, 'client-late-timers', /30\.5 %/],
    [
      'its core, and others',
      { cpuShare: 0.6, waitS: 0.8 },
      'client-cpu',
      /60 % of a core and waited for one for 40 %/,
    ],
    [
      'its connections',
      { connections: { opened: 2, dropped: 1, retried: 0 } },
      'client-connections',
      /1 connections/,
    ],
    [
      'its requests',
      { connections: { opened: 2, dropped: 0, retried: 1 } },
      'client-connections',
      /1 of 3 requests/,
    ],
    ['short of memory', { majorFaults: 21 }, 'client-page-faults', /11 times per second/],
  ])(
    'refuses a client with a worker too late for %s, with reason and advice',
    (_, overrides, code, reason) => {
      const [mark, ...others] = marksOf(runOf(many(3), worker(overrides)));
      expect(others).toEqual([]);
      expect(mark).toMatchObject({
        code,
        severity: 'invalid',
        message: expect.stringMatching(reason) as string,
      });
      expect(mark?.message).toMatch(/another machine|connection per request/);
    },
  );

  it('notes timers that are late without making means, medians and p99 of TTFT wrong', () => {
    expect(marks(many(3), worker({ timers: { ticks: 200, late: 11 } }))).toEqual(['note client-late-timers']);
  });

  it('judges the mean lag by the TTFT, too', () => {
    const lag = (mean: number) => worker({ eventLoopLagMs: { mean, p99: 15, max: 20 } });
    expect(marks(many(3), lag(1.4))).toEqual([]);
    expect(marks(many(3), lag(1.6))).toEqual(['invalid slow-client']);
  });

  it('accepts workers within the limits, and what the platform did not tell', () => {
    const fine = { cpuShare: 0.95, timers: { ticks: 200, late: 10 }, majorFaults: 20 };
    expect(marks(many(3), worker(fine))).toEqual([]);
    expect(marks(many(100), worker({ connections: { opened: 9, dropped: 1, retried: 1 } }))).toEqual([]);
    expect(marks(many(3), worker({ timers: { ticks: 0, late: 0 } }))).toEqual([]);
  });

  it('judges connections that took a request with them as failed requests alone', () => {
    const lost = worker({ connections: { opened: 100, dropped: 2, retried: 0 } });
    expect(marks([...many(98), failed(), failed()], lost)).toEqual(['note failed-requests']);
  });

  it('does not judge shares of a run that was over at once', () => {
    const short = { window: { startMs: 0, endMs: 900 } };
    const busy = { cpuShare: 1, timers: { ticks: 90, late: 45 }, majorFaults: 90 };
    expect(marks(many(3), { ...worker(busy), ...short })).toEqual([]);
  });

  const pauses = (...ms: number[]) => ({
    pauses: {
      count: ms.length,
      lostMs: ms.reduce((sum, one) => sum + one, 0),
      longest: ms.map((one, i) => ({ startMs: 1000 * i, ms: one })),
    },
  });
  const over20s = { window: { startMs: 0, endMs: 20_000 } };

  it.each([
    [300, 'note client-frozen'],
    [1000, 'invalid client-frozen'],
    [5000, 'invalid client-frozen'],
  ])('finds a freeze of %d ms in 20 s', (ms, mark) => {
    expect(marks(many(3), { ...worker(pauses(ms)), ...over20s })).toEqual([mark]);
  });

  it('adds freezes up, and leaves short pauses alone', () => {
    expect(marks(many(3), { ...worker(pauses(300, 300, 300)), ...over20s })).toEqual([
      'invalid client-frozen',
    ]);
    expect(marks(many(3), { ...worker(pauses(60, 60, 60)), ...over20s })).toEqual([]);
  });

  const machine = (overrides: Partial<NonNullable<RunRecord['client']['machine']>>) => ({
    ...client({ machine: { seconds: 20, cpus: 2, wallShiftMs: 0, ...overrides } }),
    ...over20s,
  });

  it('tells a machine that others use, by what the server lost to them', () => {
    expect(marks(many(3), machine({ othersCpuS: 5, serverWaitS: 0.1 }))).toEqual(['note machine-shared']);
    expect(marks(many(3), machine({ othersCpuS: 20, serverWaitS: 6 }))).toEqual(['invalid machine-shared']);
    expect(marks(many(3), machine({ stolenCpuS: 8, serverWaitS: 6 }))).toEqual(['invalid machine-shared']);
    expect(marks(many(3), machine({ othersCpuS: 2, serverWaitS: 0.9 }))).toEqual([]);
    expect(marks(many(3), machine({ othersCpuS: 2, serverWaitS: 1.1 }))).toEqual(['note machine-shared']);
  });

  it('does not blame others where the server waits for itself, or is not known', () => {
    expect(marks(many(3), machine({ othersCpuS: 0.2, serverWaitS: 15, serverCpuS: 30 }))).toEqual([]);
    expect(marks(many(3), machine({ busyCpuS: 40 }))).toEqual([]);
  });

  it('finds CPU limits, suspension and clocks that were moved', () => {
    expect(marks(many(3), machine({ throttledS: 0.2 }))).toEqual(['note client-throttled']);
    expect(marks(many(3), machine({ throttledS: 2 }))).toEqual(['invalid client-throttled']);
    expect(marks(many(3), machine({ suspendedMs: 500, wallShiftMs: 500 }))).toEqual([
      'invalid client-suspended',
    ]);
    expect(marks(many(3), machine({ wallShiftMs: -3_600_000 }))).toEqual(['note clock-shift']);
    expect(marks(many(3), machine({ wallShiftMs: 20 }))).toEqual([]);
  });

  it('takes limits from the spec', () => {
    const { spec } = runOf(many(3));
    const limited = { spec: { ...spec, clientLimits: { cpuShare: 0.5, lagFloorMs: 0.5 } } };
    expect(marks(many(3), { ...worker({ cpuShare: 0.6 }), ...limited })).toEqual(['invalid client-cpu']);
    expect(marks(many(3, { chunkMs: [101, 102] }), limited)).toEqual(['invalid slow-client']);
  });
});
