import { describe, expect, it } from 'vitest';
import { attentionDevices, devicesOf, workerDevices } from '../../src/matrix/devices.js';
import type { Job } from '../../src/matrix/job.js';
import { plannedDevices } from '../../src/plan/devices.js';
import type { DelegatePlan, Place, Role, ServePlan } from '../../src/plugin/index.js';

const worker = { 'num-worker': 1, tp: 1, ep: 1, 'dp-attn': false };
const oneNode = { tp: 4, ep: 1, 'dp-attn': false, conc: 8 } as unknown as Job;
const twoKinds = (prefill: object, decode: object) =>
  ({ prefill: { ...worker, ...prefill }, decode: { ...worker, ...decode }, conc: [8] }) as unknown as Job;

describe('devices by sizes', () => {
  it.each([
    ['tensor parallelism', { tp: 8, ep: 1 }, 8],
    ['experts over the same devices', { tp: 4, ep: 4 }, 4],
    ['a pipeline', { tp: 4, pp: 2, ep: 4 }, 8],
    ['prefill context parallelism', { tp: 2, pp: 2, 'pcp-size': 2, ep: 1 }, 8],
    ['decode context parallelism, which takes none', { tp: 4, 'dcp-size': 4, ep: 1 }, 4],
    ['more parts of experts than attention has devices', { tp: 1, ep: 16 }, 16],
  ])('%s', (_, sizes, devices) => {
    expect(workerDevices(sizes)).toBe(devices);
  });

  it('of attention alone leave experts out', () => {
    expect(attentionDevices({ tp: 2, pp: 2, 'pcp-size': 2 })).toBe(8);
  });

  it('of a job are those of all its workers', () => {
    expect(devicesOf(oneNode)).toEqual({ total: 4 });
    expect(devicesOf(twoKinds({ ep: 8 }, { ep: 8, 'num-worker': 2 }))).toEqual({
      total: 24,
      prefill: 8,
      decode: 16,
    });
    expect(devicesOf(twoKinds({ tp: 4 }, { 'num-worker': 0 }))).toEqual({ total: 4, prefill: 4, decode: 0 });
  });
});

const role = (name: string, place: Partial<Place>, replicas = 1) =>
  ({
    name,
    replicas,
    place: { nodes: 1, ranksPerNode: 1, devicesPerRank: 1, wireUp: 'none', ...place },
  }) as Role;
const serve = (...roles: readonly Role[]) => ({ kind: 'serve', roles }) as unknown as ServePlan;

describe('devices of a plan', () => {
  const frontend = role('frontend', { devicesPerRank: 0 });

  it('are those that it lays out, whatever the job asks for', () => {
    expect(plannedDevices(serve(role('server', { devicesPerRank: 8 })), oneNode)).toEqual({ total: 8 });
  });

  it('are counted by role, over all replicas, nodes and ranks', () => {
    const job = twoKinds({ tp: 4 }, { tp: 16 });
    const prefill = role('prefill', { devicesPerRank: 4 }, 3);
    const decode = role('decode', { nodes: 2, ranksPerNode: 8, wireUp: 'pmix' }, 2);
    expect(plannedDevices(serve(prefill, decode, frontend), job)).toEqual({
      total: 44,
      prefill: 12,
      decode: 32,
    });
  });

  it('are all with prefill where workers do both, as in rows of InferenceX', () => {
    const plan = serve(role('server', { devicesPerRank: 8 }, 2), frontend);
    expect(plannedDevices(plan, twoKinds({ tp: 8 }, {}))).toEqual({ total: 16, prefill: 16, decode: 0 });
  });

  it("are the job's where a split plan doesn't say which role decodes", () => {
    const job = { ...twoKinds({ tp: 4 }, { tp: 4, 'num-worker': 2 }), disagg: true } as Job;
    const plan = serve(role('workers', { devicesPerRank: 8 }), role('others', { devicesPerRank: 4 }));
    expect(plannedDevices(plan, job)).toEqual({ total: 12, prefill: 4, decode: 8 });
  });

  it("are the job's where processes need none, and where another program launches", () => {
    const job = twoKinds({ tp: 8 }, { ep: 8 });
    const delegate = { kind: 'delegate' } as DelegatePlan;
    expect(plannedDevices(serve(frontend), job)).toEqual(devicesOf(job));
    expect(plannedDevices(delegate, job)).toEqual(devicesOf(job));
    const devices = { total: 24, prefill: 8, decode: 16 };
    expect(plannedDevices({ ...delegate, devices }, job)).toEqual(devices);
  });
});
