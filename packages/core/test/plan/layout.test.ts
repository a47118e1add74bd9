import { describe, expect, it } from 'vitest';
import { deviceEnv, layOut, nodesOf } from '../../src/plan/layout.js';
import type { HardwarePlugin, Place, Role } from '../../src/plugin/index.js';

function role(name: string, replicas: number, devices: number, place: Partial<Place> = {}): Role {
  return {
    name,
    replicas,
    runtime: { kind: 'host' },
    argv: [name],
    env: {},
    files: {},
    ports: [],
    place: { nodes: 1, ranksPerNode: 1, devicesPerRank: devices, wireUp: 'none', ...place },
  };
}

function placesOf(roles: readonly Role[], devicesPerNode = 8) {
  return layOut(roles, devicesPerNode).map(
    ({ role: { name }, replica, rank, node, devices }) =>
      `${name}${replica}.${rank} node ${node}: ${devices.join(',')}`,
  );
}

describe('layouts', () => {
  it('put replicas side by side while their devices fit, and processes without devices on the first node', () => {
    expect(placesOf([role('frontend', 1, 0), role('prefill', 3, 4), role('decode', 1, 8)])).toEqual([
      'frontend0.0 node 0: ',
      'prefill0.0 node 0: 0,1,2,3',
      'prefill1.0 node 0: 4,5,6,7',
      'prefill2.0 node 1: 0,1,2,3',
      'decode0.0 node 2: 0,1,2,3,4,5,6,7',
    ]);
  });

  it('give replicas of several nodes those alone, one process each, or one in all under a launcher', () => {
    const wide = role('decode', 2, 8, { nodes: 2, wireUp: 'env' });
    const last = role('last', 1, 1);

    expect(placesOf([role('prefill', 1, 2), wide, last]).map((place) => place.split(':')[0])).toEqual([
      'prefill0.0 node 0',
      'decode0.0 node 1',
      'decode0.1 node 2',
      'decode1.0 node 3',
      'decode1.1 node 4',
      'last0.0 node 5',
    ]);
    expect(nodesOf([role('prefill', 1, 2), wide, last], 8)).toBe(6);
    const launched = role('decode', 1, 8, { nodes: 2, wireUp: 'pmix' });
    expect(placesOf([launched, last]).map((place) => place.split(':')[0])).toEqual([
      'decode0.0 node 0',
      'last0.0 node 2',
    ]);
    expect(nodesOf([launched], 8)).toBe(2);
  });

  it('show processes their devices where they share a node, and only there', () => {
    const hardware = {
      visibleDevices: (devices: readonly number[]) => ({ DEVICES: devices.join(',') }),
    } as unknown as HardwarePlugin;
    const envs = (roles: readonly Role[]) => {
      const placed = layOut(roles, 8);
      return placed.map((process) => deviceEnv(process, placed, hardware));
    };

    expect(envs([role('frontend', 1, 0), role('a', 1, 4), role('b', 1, 4)])).toEqual([
      {},
      { DEVICES: '0,1,2,3' },
      { DEVICES: '4,5,6,7' },
    ]);
    expect(envs([role('frontend', 1, 0), role('server', 1, 4)])).toEqual([{}, {}]);
  });
});
