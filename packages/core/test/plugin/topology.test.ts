import { describe, expect, it } from 'vitest';
import { workerDevices, workerNodes, workerPlace } from '../../src/plugin/topology.js';

const SKU = { devicesPerNode: 8 };

describe('devices of a worker', () => {
  it.each([
    [{ tp: 8, ep: 1 }, 8],
    [{ tp: 4, ep: 4 }, 4],
    [{ tp: 4, pp: 2, ep: 4 }, 8],
    [{ tp: 1, ep: 16 }, 16],
  ])('%o takes %i', (worker, devices) => {
    expect(workerDevices(worker)).toBe(devices);
  });
});

describe('place of a worker', () => {
  it('is a part of one node where that is enough', () => {
    expect(workerPlace({ tp: 4, ep: 1 }, SKU)).toEqual({
      nodes: 1,
      ranksPerNode: 1,
      devicesPerRank: 4,
      wireUp: 'none',
    });
  });

  it('is whole nodes, a process on each, where it is not', () => {
    expect(workerPlace({ tp: 1, ep: 16 }, SKU)).toEqual({
      nodes: 2,
      ranksPerNode: 1,
      devicesPerRank: 8,
      wireUp: 'env',
    });
  });

  it('spreads devices evenly where they do not fill the nodes', () => {
    const place = workerPlace({ tp: 12, ep: 1 }, SKU);
    expect(workerNodes({ tp: 12, ep: 1 }, SKU)).toBe(2);
    expect(place).toMatchObject({ nodes: 2, devicesPerRank: 6 });
  });

  it('fits nodes of fewer devices', () => {
    expect(workerPlace({ tp: 8, ep: 8 }, { devicesPerNode: 4 })).toMatchObject({
      nodes: 2,
      devicesPerRank: 4,
    });
  });
});
