import { describe, expect, it } from 'vitest';
import { isPointless } from '../../../src/bench/find-max-rate/decide.js';
import type { Seen } from '../../../src/bench/find-max-rate/seen.js';
import { nextStep, type Tried } from '../../../src/bench/find-max-rate/search.js';

const RANGE = { first: 60, least: 0, most: Infinity, isWhole: false, precision: 0.1 };
const fails: Tried = {
  value: 60,
  verdict: 'fails',
  leans: 'fails',
  isThorough: true,
  inFlight: 9,
  requests: 900,
};
const open = (value: number, more: Partial<Tried>): Tried => ({
  ...{ value, verdict: 'open', leans: 'holds', isThorough: true, inFlight: 3, requests: 900, ...more },
});

describe('a search below values that stay open', () => {
  it('goes on while lower values may be decided', () => {
    expect(nextStep([fails, open(40, {})], RANGE)).toMatchObject({ kind: 'probe', isThorough: true });
  });

  it.each<[string, Partial<Tried>]>([
    ['a probe has too few requests within its limits', { requests: 150 }],
    ['requests hardly meet', { inFlight: 0.05 }],
  ])('ends where %s', (_, more) => {
    expect(nextStep([fails, open(40, {}), open(2, more)], RANGE)).toEqual({ kind: 'done', how: 'wide' });
  });

  it('goes on below a probe that says nothing', () => {
    const { requests: _, ...invalid } = open(2, { inFlight: 0.05 });
    expect(nextStep([fails, invalid], RANGE)).toMatchObject({ kind: 'probe' });
  });
});

describe('a search for the other end', () => {
  const at = (...values: readonly number[]) => values.map((value) => ({ ...fails, value }));

  it('takes larger and larger steps', () => {
    const steps = [[1000], [1000, 500], [1000, 500, 125], [1000, 500, 125, 15]];
    const found = steps.map((values) => nextStep(at(...values), RANGE));
    expect(found).toMatchObject([{ value: 500 }, { value: 125 }, { value: 15.63 }, { value: 1.875 }]);
  });

  it('does not leap where it came by small ones', () => {
    expect(nextStep(at(222, 157, 132, 111), RANGE)).toMatchObject({ value: 78.49 });
  });
});

describe('a load that is not decided yet', () => {
  const objective = [{ share: 0.9, limits: { ttftMs: 60 } }];
  const shown = (kept: number, requests: number, inflation: number): Seen => {
    const evidence = [{ kept, requests, inflation }];
    return {
      evidence,
      earlier: evidence,
      backlog: { mean: 1, grows: false, isSteady: true },
      isSettled: true,
    };
  };

  it('is given up where its evidence will not do by its end', () => {
    expect(isPointless(shown(0.9, 1500, 20), objective, 0.25)).toBe(true);
    expect(isPointless(shown(0.92, 1500, 50), objective, 0.25)).toBe(true);
    // Two objectives: one that fails decides both, one that holds does not.
    const both = [...objective, { share: 0.5, limits: { tpotMs: 9 } }];
    const { evidence, ...rest } = shown(0.9, 1500, 20);
    const seen = { ...rest, evidence: [...evidence, { kept: 1, requests: 1500, inflation: 1 }] };
    expect(isPointless(seen, both, 0.25)).toBe(true);
    const failing = { ...rest, evidence: [...evidence, { kept: 0.1, requests: 1500, inflation: 20 }] };
    expect(isPointless(failing, both, 0.25)).toBe(false);
  });

  it('goes on where its evidence may do, or when it has just begun', () => {
    expect(isPointless(shown(1, 1500, 20), objective, 0.25)).toBe(false);
    expect(isPointless(shown(0.7, 1500, 20), objective, 0.25)).toBe(false);
    expect(isPointless(shown(0.9, 900, 20), objective, 0.15)).toBe(false);
    expect(isPointless(shown(0.9, 150, 20), objective, 0.5)).toBe(false);
  });
});
