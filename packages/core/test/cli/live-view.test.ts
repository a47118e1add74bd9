import { expect, it } from 'vitest';
import { CLIENT_LIMITS } from '../../src/load/spec/client-limits.js';
import { liveView } from '../../src/cli/live-view.js';
import { createProgress } from '../../src/cli/progress.js';
import { createEta } from '../../src/schedule/eta.js';
import type { PlannedPoint } from '../../src/plan/plan.js';
import type { SweepEvent } from '../../src/sweep.js';
import { followSweep } from '../../src/sweep-state.js';

const started = (name: string): SweepEvent => ({
  type: 'point-started',
  planned: {
    ...{ name, state: 'planned' },
    point: { job: { 'exp-name': name }, concurrency: 4 },
  } as unknown as PlannedPoint,
  ...{ index: 1, of: 9 },
});

const BEGINNING: readonly SweepEvent[] = [
  {
    type: 'scheduled',
    queues: [
      { name: 'h200', nodes: 4, sessions: 6 },
      { name: 'this machine', nodes: 1, sessions: 1 },
    ],
  },
  ...(['a', 'b', 'c'] as const).flatMap((name): SweepEvent[] => [
    { type: 'session-begun', queue: 'h200', nodes: 1, points: [name] },
    started(name),
  ]),
  { type: 'phase', name: 'b', phase: 'start' },
];

const settings = { rows: 10, columns: 80, limits: CLIENT_LIMITS, left: '', nameOf: (name: string) => name };

it('shows what has ended, each queue, and what is done for each point', () => {
  let now = 0;
  const follower = followSweep({ points: 9, now: () => now });
  BEGINNING.forEach(follower.onEvent);
  const failed = { name: 'a', state: 'failed', error: { code: 'SERVER_DIED', layer: 'server-death' } };
  follower.onEvent({ type: 'point-ended', result: failed as never, index: 1, of: 9 });
  follower.onEvent({ type: 'session-ended', queue: 'h200', nodes: 1, points: ['a'] });
  now = 5_000;

  expect(liveView(follower.state, { ...settings, nowMs: now })).toEqual([
    '1 of 9 points have ended, 1 failed (server-death 1), 2 sessions run, 4 wait',
    '  h200: 2 of 4 nodes, 2 sessions run, 3 wait',
    `  ${'b'.padEnd(40)}  starting the server for 5 s`,
    `  ${'c'.padEnd(40)}  waiting for nodes for 5 s`,
  ]);
});

it('is no higher than the terminal', () => {
  const follower = followSweep({ points: 9, now: () => 0 });
  BEGINNING.forEach(follower.onEvent);
  const lines = liveView(follower.state, { ...settings, rows: 4, nowMs: 0 });
  expect(lines.slice(2).map((line) => line.trim().split(' ')[0])).toEqual(['a', 'b', 'c']);
  const four = followSweep({ points: 9, now: () => 0 });
  [...BEGINNING, started('d')].forEach(four.onEvent);
  expect(liveView(four.state, { ...settings, rows: 4, nowMs: 0 }).at(-1)).toBe('  and 2 more');
});

it('is drawn over itself, and lines that stay come above it', () => {
  let text = '';
  const { onEvent, end } = createProgress({
    ...{ stdout: () => {}, stderr: (written: string) => (text += written) },
    ...{ interactive: true, columns: 80, statusColumns: 80, statusRows: 24 },
  });
  BEGINNING.forEach(onEvent);
  expect(text.endsWith('\u001b[?7h')).toBe(true);
  const drawn = text.slice(text.lastIndexOf('\u001b[?7l')).split('\n').length;
  text = '';
  onEvent({ type: 'warning', name: 'b', message: 'the disk is slow' });
  expect(text.startsWith(`\r\u001b[2K${'\u001b[1A\r\u001b[2K'.repeat(drawn - 1)}`)).toBe(true);
  expect(text).toContain('warning: the disk is slow\n');
  end();
});

it('an estimate says by how much it may be wrong once enough points have ended', () => {
  let now = 0;
  const eta = createEta(() => now);
  for (const [index, seconds] of [100, 200, 300, 200].entries()) {
    eta.started(`p${index}`);
    now += seconds * 1000;
    expect(eta.left(4)?.errorS).toBeUndefined();
    eta.ended(`p${index}`);
  }
  const left = eta.left(4);
  expect(left?.seconds).toBe(800);
  // A standard deviation of 81.6 s, and 4 + 4²/4 points' worth of variance.
  expect(left?.errorS).toBeCloseTo(2 * 81.65 * Math.sqrt(8), 0);
});
