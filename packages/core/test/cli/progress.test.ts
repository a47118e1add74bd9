import { describe, expect, it } from 'vitest';
import { createProgress } from '../../src/cli/progress.js';
import type { LoadProgress } from '../../src/load/records/progress.js';
import type { PlannedPoint } from '../../src/plan/plan.js';
import type { SweepEvent } from '../../src/sweep.js';

const NAME = 'llama-70b_1024_1024_fp8_acme_tp8-ep1-dpafalse_disagg-false_spec-none_conc64_acme-x1';

function started(expName: string): SweepEvent {
  const planned = { name: NAME, point: { job: { 'exp-name': expName }, concurrency: 64 } };
  return { type: 'point-started', planned: planned as unknown as PlannedPoint, index: 3, of: 12 };
}

const progress: LoadProgress = {
  type: 'progress',
  phase: 'measure',
  done: 300,
  total: 640,
  failed: 2,
  inFlight: 64,
  outputTokens: 9000,
  tokensPerS: 1234.5,
  etaS: 7.2,
};

/** What stands on stderr after these events; ends of redrawn lines are marked by `|`. */
function shown(
  events: readonly SweepEvent[],
  { interactive, statusColumns = 80 }: { interactive: boolean; statusColumns?: number },
): string[] {
  let text = '';
  const { onEvent } = createProgress({
    stdout: () => {},
    stderr: (written) => (text += written),
    interactive,
    columns: 160,
    statusColumns,
  });
  events.forEach(onEvent);
  return text
    .replaceAll('\r\u001b[2K', '|')
    .replaceAll(/\u001b\[\?7[hl]/g, '')
    .split(/[|\n]/)
    .filter((line) => line !== '');
}

const loading: SweepEvent = { type: 'load', name: NAME, progress };

describe('the progress of a sweep', () => {
  it('fits phase, requests, tokens/s and ETA on a line of 80 columns, by a short name', () => {
    const lines = shown([started('llama-70b_1k1k'), loading], { interactive: true });

    expect(lines.at(-1)).toBe(
      '[3/12] llama-70b_1k1k conc 64  measure 300/640, 2 failed, 1235 tok/s, ETA 8 s',
    );
  });

  it('cuts the middle out of a name that is too long even so', () => {
    const [line = ''] = shown([started(`a-very-long-model-${'x'.repeat(80)}_1k1k`), loading], {
      interactive: true,
    }).slice(-1);

    expect(line).toHaveLength(79);
    expect(line).toMatch(/^\[3\/12\] a-very.*….*k conc 64 {2}measure 300\/640, 2 failed, .*, ETA 8 s$/);
  });

  it('stays on one line of any terminal', () => {
    for (const statusColumns of [20, 40, 60]) {
      for (const line of shown([started('llama-70b_1k1k'), loading], { interactive: true, statusColumns })) {
        expect(line.length).toBeLessThan(statusColumns);
      }
    }
  });

  it('is plain lines with whole names where nothing can be redrawn', () => {
    const events: SweepEvent[] = [started('llama-70b_1k1k'), { type: 'phase', name: NAME, phase: 'load' }];

    expect(shown([...events, loading], { interactive: false })).toEqual([
      `[3/12] ${NAME}  starting`,
      `[3/12] ${NAME}  loading`,
    ]);
  });

  it('says how long the rest takes, by how long points have taken, once one has ended', () => {
    let nowMs = 0;
    const written: string[] = [];
    const { onEvent } = createProgress(
      {
        stdout: () => {},
        stderr: (text) => written.push(text),
        interactive: false,
        columns: 160,
        statusColumns: 80,
      },
      { now: () => nowMs, measured: 3 },
    );
    const point = (name: string, state = 'planned'): SweepEvent => ({
      type: 'point-started',
      planned: { name, state, point: { job: {}, concurrency: 1 } } as unknown as PlannedPoint,
      index: 1,
      of: 4,
    });
    const ended = (name: string): SweepEvent => ({
      type: 'point-ended',
      result: { name, state: 'completed', metrics: {}, marks: [] } as never,
      index: 1,
      of: 4,
    });

    // One that was never to be measured takes no time, and says nothing of the others.
    for (const event of [point('rejected', 'rejected'), ended('rejected'), point('a')]) onEvent(event);
    expect(written.join('')).not.toContain('left');
    nowMs += 300_000;
    for (const event of [ended('a'), point('b')]) onEvent(event);
    expect(written.at(-2)).toContain('completed, about 10 min left');
    nowMs += 100_000;
    for (const event of [ended('b'), point('c')]) onEvent(event);
    expect(written.at(-2)).toContain('completed, about 3 min left');
    onEvent(ended('c'));
    expect(written.at(-1)).toMatch(/ {2}completed\n$/);
  });

  it('is not there where it is not wanted', () => {
    const written: string[] = [];
    const terminal = { stdout: () => {}, interactive: true, quiet: true, columns: 160, statusColumns: 80 };
    const { onEvent } = createProgress({ ...terminal, stderr: (text) => written.push(text) });
    for (const event of [started('a'), loading]) onEvent(event);
    expect(written).toEqual([]);
  });

  it('shows nothing of a name that would move the cursor', () => {
    const lines = shown([started('evil\u001b[2J\n\rname'), loading], { interactive: true });

    expect(lines.at(-1)).toMatch(/^\[3\/12\] evil␛\[2J name conc 64/);
  });
});
