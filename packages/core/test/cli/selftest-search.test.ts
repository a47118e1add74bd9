import { describe, expect, it } from 'vitest';
import type { Cell } from '../../src/selftest/cell.js';
import type { Measured } from '../../src/selftest/compare.js';
import { selftest, type SelftestPlan } from '../../src/selftest/selftest.js';

const SIDES = { workers: 1, servers: 1, spin: false };
const PLAN: SelftestPlan = {
  sides: [SIDES],
  streams: [64, 128, 256, 512, 1024],
  outputLen: 48,
  maxRequests: 1,
  budgetS: 1000,
};

/** What runs of a number of streams are off by, ms, one after the other; the last of them from then on. */
type Errors = Readonly<Record<number, readonly number[]>>;

/** Searches on a machine that is as far off as it is told, and tells which numbers of streams were tried. */
async function search(errors: Errors, plan: Partial<SelftestPlan> = {}, change: Partial<Measured> = {}) {
  const tried: number[] = [];
  const result = await selftest({ ...PLAN, ...plan }, (cell) => {
    if (cell.kind !== 'paced') return Promise.resolve(measured(cell, 0));
    const runs = tried.filter((streams) => streams === cell.streams).length;
    tried.push(cell.streams);
    const all = errors[cell.streams] ?? [99];
    return Promise.resolve({ ...measured(cell, all[Math.min(runs, all.length - 1)]!), ...change });
  });
  return { ...result, tried };
}

function measured(cell: Cell, ms: number): Measured {
  const errors = { meanTtft: ms, p99Ttft: ms, meanItl: 0, p99Itl: 0 };
  return { cell, problems: [], failures: [], tokensPerS: cell.streams * 50, limit: 'none', errors };
}

describe('the search for the most streams', () => {
  it('climbs until two levels in a row are missed twice, and confirms the highest of each bound', async () => {
    const { tried, rooflines } = await search({ 64: [0.5], 128: [5], 256: [20], 512: [20] });
    expect(tried).toEqual([64, 128, 256, 256, 512, 512, 128, 64]);
    expect(rooflines).toMatchObject([
      {
        within1Ms: { streams: 64, met: 2, runs: 2 },
        within5Percent: { streams: 128, met: 2, runs: 2, tokensPerS: 6400 },
      },
    ]);
  });

  it('names no level for one lucky run', async () => {
    const { tried, rooflines } = await search({ 64: [0], 128: [0], 256: [0, 20] });
    expect(tried).toEqual([64, 128, 256, 512, 512, 1024, 1024, 256, 256, 128]);
    expect(rooflines[0]).toMatchObject({ within1Ms: { streams: 128 }, within5Percent: { streams: 128 } });
  });

  it('gives up no level for one unlucky run', async () => {
    const { rooflines } = await search({ 64: [0], 128: [20, 0] });
    expect(rooflines[0]).toMatchObject({ within1Ms: { streams: 128, met: 2, runs: 3 } });
  });

  it('ends where the server can’t follow', async () => {
    const { tried, rooflines } = await search({ 64: [0] }, {}, { lateMs: 30, limit: 'server' });
    expect(tried).toEqual([64, 64]);
    expect(rooflines[0]).toEqual({ workers: 1, tried: [64], max: expect.any(Array) as unknown });
  });

  it('goes on with more workers from what fewer did within 1 ms', async () => {
    const sides = [SIDES, { ...SIDES, workers: 2 }];
    const { tried, rooflines } = await search({ 64: [0], 128: [0], 256: [5] }, { sides });
    const once = [256, 512, 512, 1024, 1024, 256, 128];
    expect(tried).toEqual([64, 128, ...once, 128, ...once]);
    expect(rooflines.map((roofline) => roofline.tried[0])).toEqual([64, 128]);
  });

  it('begins nothing when time is up, and says so', async () => {
    const { tried, cutShort, rooflines, exact } = await search({ 64: [0] }, { budgetS: -1 });
    expect({ tried, cutShort, exact }).toEqual({ tried: [], cutShort: true, exact: true });
    expect(rooflines).toEqual([{ workers: 1, tried: [], max: [] }]);
  });
});
