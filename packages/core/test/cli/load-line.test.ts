import { describe, expect, it } from 'vitest';
import { loadLine } from '../../src/cli/load-line.js';
import { createLoadProgress } from '../../src/cli/progress.js';
import { CLIENT_LIMITS } from '../../src/load/spec/client-limits.js';
import type { LoadProgress } from '../../src/load/records/progress.js';

const progress: LoadProgress = {
  type: 'progress',
  phase: 'measure',
  done: 300,
  total: 640,
  failed: 0,
  inFlight: 64,
  outputTokens: 9000,
  tokensPerS: 1234.5,
  ttftMs: 212.4,
  itlMs: 19.876,
  lagMs: 2.34,
  cpuShare: 0.42,
  etaS: 7.2,
};

const ALL =
  'measure 300/640, 64 in flight, 1235 tok/s, TTFT 212 ms, ITL 19.9 ms, client lag 2.34 ms CPU 42 %, ETA 8 s';

describe('the line of a load', () => {
  it('tells all that is known', () => {
    expect(loadLine(progress)).toBe(ALL);
    expect(loadLine(progress, ALL.length)).toBe(ALL);
  });

  it('tells nothing that is not known', () => {
    const unknown = { ttftMs: undefined, itlMs: undefined, lagMs: undefined, cpuShare: undefined };
    expect(loadLine({ ...progress, ...unknown, etaS: undefined, inFlight: 0 })).toBe(
      'measure 300/640, 1235 tok/s',
    );
  });

  it('fits its room by leaving out what matters least, and never what matters most', () => {
    const lines = [90, 75, 60, 50, 10].map((room) => loadLine({ ...progress, failed: 2 }, room));
    expect(lines).toEqual([
      'measure 300/640, 2 failed, 64 in flight, 1235 tok/s, TTFT 212 ms, ITL 19.9 ms, ETA 8 s',
      'measure 300/640, 2 failed, 1235 tok/s, TTFT 212 ms, ITL 19.9 ms, ETA 8 s',
      'measure 300/640, 2 failed, 1235 tok/s, TTFT 212 ms, ETA 8 s',
      'measure 300/640, 2 failed, 1235 tok/s, ETA 8 s',
      'measure 300/640, 2 failed, 1235 tok/s, ETA 8 s',
    ]);
  });

  it('never leaves out that the client is behind', () => {
    const busy = {
      done: 1000,
      total: 5000,
      failed: 12,
      tokensPerS: 12_345,
      lagMs: 120,
      cpuShare: 1,
      etaS: 900,
    };
    expect(loadLine({ ...progress, ...busy }, 79)).toBe(
      'measure 1000/5000, 12 failed, 12345 tok/s, client late: lag 120 ms CPU 100 %',
    );
  });

  it.each([
    [{ cpuShare: 0.97 }, 'client late: lag 2.34 ms CPU 97 %'],
    [{ lagMs: 43 }, 'client late: lag 43 ms CPU 42 %'],
    [{ lagMs: 43, ttftMs: 1000 }, 'client lag 43 ms CPU 42 %'],
  ])('says when the client is behind: %o', (changes, text) => {
    expect(loadLine({ ...progress, ...changes })).toContain(`, ${text},`);
  });

  it('says so by the limits of the run, and before anything else where there is little room', () => {
    const slow = loadLine(progress, 80, { ...CLIENT_LIMITS, cpuShare: 0.4 });
    expect(slow).toBe('measure 300/640, 1235 tok/s, client late: lag 2.34 ms CPU 42 %, ETA 8 s');
  });

  it.each([
    [119.2, 'ETA 120 s'],
    [120.1, 'ETA 2 min'],
    [600, 'ETA 10 min'],
    [9000, 'ETA 2.5 h'],
  ])('tells %d s until the end as a person would', (etaS, text) => {
    expect(loadLine({ ...progress, etaS }).endsWith(`, ${text}`)).toBe(true);
  });

  it('tells long latencies in seconds', () => {
    expect(loadLine({ ...progress, ttftMs: 12_345 })).toContain('TTFT 12.3 s');
  });
});

/** What stands on stderr after reports at these times, ms. */
function shown(reports: readonly (readonly [number, Partial<LoadProgress>])[], columns?: number): string[] {
  let text = '';
  let at = 0;
  const { onProgress, end } = createLoadProgress(
    {
      stdout: () => {},
      stderr: (written) => (text += written),
      interactive: columns !== undefined,
      columns: 160,
      statusColumns: columns ?? 80,
    },
    { now: () => at },
  );
  for (const [ms, changes] of reports) {
    at = ms;
    onProgress({ ...progress, ...changes });
  }
  end();
  return text
    .replaceAll('\r\u001b[2K', '|')
    .replaceAll(/\u001b\[\?7[hl]/g, '')
    .split(/[|\n]/)
    .filter((line) => line !== '');
}

describe('the progress of a load', () => {
  it('is one line that is redrawn on a terminal, fitted to its width', () => {
    const reports = [
      [0, { done: 1 }],
      [250, {}],
    ] as const;
    expect(shown(reports, 62)).toEqual([
      'measure 1/640, 1235 tok/s, TTFT 212 ms, ITL 19.9 ms, ETA 8 s',
      'measure 300/640, 1235 tok/s, TTFT 212 ms, ETA 8 s',
    ]);
    for (const line of shown(reports, 40)) expect(line.length).toBeLessThan(40);
  });

  it('says nothing of warm-ups where there are none', () => {
    const lines = shown(
      [
        [0, { phase: 'warmup', done: 0, total: 0 }],
        [1, {}],
      ],
      62,
    );
    expect(lines).toEqual(['measure 300/640, 1235 tok/s, TTFT 212 ms, ETA 8 s']);
  });

  it('is a line every ten seconds elsewhere, and one at the end of each phase', () => {
    const ended = { phase: 'warmup', done: 640 } as const;
    const lines = shown([
      [0, { phase: 'probe', done: 1, total: 1 }],
      [250, { phase: 'probe', done: 2, total: 2 }],
      [500, ended],
      [600, ended],
      [9_999, {}],
      [10_000, { done: 310 }],
      [10_250, {}],
      [20_000, { done: 320 }],
      [20_001, { done: 640 }],
    ]);
    expect(lines.map((line) => line.slice(0, line.indexOf(',')))).toEqual([
      'warmup 640/640',
      'measure 310/640',
      'measure 320/640',
      'measure 640/640',
    ]);
  });
});
