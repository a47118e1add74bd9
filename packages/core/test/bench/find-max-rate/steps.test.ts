import { describe, expect, it } from 'vitest';
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
