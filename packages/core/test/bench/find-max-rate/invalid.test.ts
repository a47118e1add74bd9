import { describe, expect, it } from 'vitest';
import type { Objective } from '../../../src/bench/find-max-rate/objectives.js';
import { counted, triedOf, type Probe } from '../../../src/bench/find-max-rate/probes.js';
import { nextStep, type Range } from '../../../src/bench/find-max-rate/search.js';
import { seenIn } from '../../../src/bench/find-max-rate/seen.js';

const OBJECTIVES: readonly Objective[] = [{ share: 0.9, limits: { ttftMs: 60 } }];
const RANGE: Range = { first: 50, least: 0, most: Infinity, isWhole: false, precision: 0.1 };

/** A load of which no request keeps the limit. */
function slow(value: number, invalid?: string): Probe {
  const samples = Array.from({ length: 400 }, (_, i) => ({
    dueMs: (1000 * i) / value,
    endMs: (1000 * i) / value + 100,
    ratios: [2],
  }));
  const seen = seenIn(samples, OBJECTIVES, true);
  return { value, seen, isThorough: false, ...(invalid !== undefined && { invalid }) };
}

const next = (probes: readonly Probe[]) => nextStep(triedOf(counted(probes), OBJECTIVES), RANGE);

describe('a load that was not what it was meant to be', () => {
  const stalled = slow(50, 'client-late: x');

  it('is sent again at the same value, wherever the search is', () => {
    expect(next([stalled])).toEqual(next([]));
    expect(next([slow(100), { ...stalled, value: 12.5 }])).toEqual(next([slow(100)]));
  });

  it('leaves its value as it is when it was invalid twice in a row', () => {
    expect(next([stalled, stalled])).not.toEqual(next([]));
  });

  it('counts where the second one is as it should be', () => {
    expect(next([stalled, slow(50)])).toEqual(next([slow(50)]));
  });
});
