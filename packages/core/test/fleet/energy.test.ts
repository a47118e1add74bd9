import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Executor, NodeLauncher, TelemetrySample } from '../../src/index.js';
import { decodeRunRecord } from '../../src/load/records/read-records.js';
import { power } from '../../src/metrics/builtin/power.js';
import { withEnergy } from '../../src/metrics/energy/energy.js';
import { decodeReadings } from '../../src/metrics/energy/readings.js';
import { createFakeCluster } from '../../src/testing/index.js';
import { role, sweepFleet, type FleetOptions } from './fleet.js';

const folder = await mkdtemp(join(tmpdir(), 'sweepline-cluster-'));
afterAll(() => rm(folder, { recursive: true }));
const cluster = () => createFakeCluster({ folder, nodes: 2 }).launcher;

const NAP_MS = 20;

/** Devices that draw 200 W on the first node and 300 W on the second, read until the load has ended. */
const read = (isThere: (sample: TelemetrySample) => boolean = () => true): FleetOptions['hardware'] => ({
  powerSource: 'fake: board',
  async *telemetry({ node }, signal) {
    while (!signal.aborted) {
      await delay(NAP_MS, undefined, { signal }).catch(() => {});
      for (const device of [0, 1]) {
        const powerW = node.name === 'node-0' ? 200 : 300;
        const sample = { unixMs: Date.now(), device, powerW, memoryUsedGiB: 50 };
        if (isThere(sample)) yield sample;
      }
    }
  },
});

const whole = { nodes: 1, ranksPerNode: 1, devicesPerRank: 2, wireUp: 'none' } as const;
const split = [role('prefill', { place: whole }), role('decode', { place: whole })];

const DEVICES = [
  { node: 'node-0', device: 0, role: 'prefill' },
  { node: 'node-0', device: 1, role: 'prefill' },
  { node: 'node-1', device: 0, role: 'decode' },
  { node: 'node-1', device: 1, role: 'decode' },
];

describe('the energy of a point', () => {
  it('is in its result, by role, and can be recomputed from its files', async () => {
    await using run = await sweepFleet({ launcher: cluster(), roles: split, hardware: read() });

    const [result] = run.results;
    expect(result).toMatchObject({
      state: 'completed',
      metrics: { power_valid: 1, prefill_avg_power_w: expect.closeTo(200) as number },
      row: { power_metric_schema_version: 2, avg_power_w: expect.closeTo(250) as number },
    });
    const { metrics } = result as { readonly metrics: Readonly<Record<string, number>> };
    expect(metrics['total_gpu_energy_j']).toBeCloseTo(1000 * metrics['duration']!, 0);
    expect(metrics['joules_per_output_token']).toBeCloseTo(metrics['total_gpu_energy_j']! / 60);
    const raw = JSON.parse(await run.read(result!.name, 'raw.json')) as Record<string, { energy?: unknown }>;
    const energy = { valid: true, source: 'fake: board', devices: DEVICES };
    expect(raw['sweepline']?.energy).toMatchObject(energy);
    const records = decodeRunRecord(await run.read(result!.name, 'records.jsonl'));
    const again = withEnergy(records, decodeReadings(await run.read(result!.name, 'telemetry.ndjson')));
    expect(power.compute(again)['total_gpu_energy_j']).toBeCloseTo(metrics['total_gpu_energy_j']!, 0);
  });

  it('is not in that of a server whose second device stops answering, and the rest is', async () => {
    const roles = [role('server', { place: whole })];
    const begun = Date.now();
    const hardware = read(({ device, unixMs }) => device === 0 || unixMs < begun);
    await using run = await sweepFleet({ launcher: cluster(), roles, hardware });

    expect(run.results).toMatchObject([
      {
        state: 'completed',
        metrics: { power_valid: 0, output_throughput: expect.any(Number) as number },
        marks: expect.arrayContaining([
          expect.objectContaining({
            code: 'power-invalid',
            message: expect.stringMatching(/expected_gpu_count_mismatch \(device 1 of node-0/) as string,
          }),
        ]) as unknown,
      },
    ]);
    expect(run.results[0]).not.toHaveProperty('metrics.total_gpu_energy_j');
  });

  it.each([
    [['date', '+%s.%N', '-d', '10 seconds ago'], 'clock_skew'],
    [['false'], 'clock_unknown'],
    [['date', '+%s.%N'], undefined],
  ])('needs the clock of the node on which the client runs: with %j it is %s', async (argv, code) => {
    const hardware = read(({ device }) => device === 0);
    const launcher = withDate(cluster(), argv);
    const options = { roles: [role('server')], hardware, place: 'server-node' as const };
    await using run = await sweepFleet({ launcher, ...options });

    const [result] = run.results as readonly { metrics?: object; marks?: readonly { message: string }[] }[];
    expect(result?.metrics).toMatchObject({ power_valid: code === undefined ? 1 : 0 });
    const messages = result?.marks?.map(({ message }) => message).join() ?? '';
    expect(messages.includes('energy is left out')).toBe(code !== undefined);
    expect(messages).toContain(code ?? '');
  });

  it('is unknown where the clock of this machine is set during the load', async () => {
    let setMs = 0;
    const now = Date.now.bind(Date);
    using clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + setMs);
    let left = 10;
    const hardware = read(() => {
      if ((left -= 1) === 0) setMs = 2000;
      return true;
    });
    await using run = await sweepFleet({ launcher: cluster(), roles: [role('server')], hardware });

    expect(clock).toHaveBeenCalled();
    expect(run.results[0]).toMatchObject({ metrics: { power_valid: 0 } });
    const messages = (run.results[0] as { marks?: readonly { message: string }[] }).marks?.map(
      ({ message }) => message,
    );
    expect(messages?.join()).toMatch(/clock_skew \(the clock of .* is 2\.0 s behind that of the readings/);
  });

  it('is of no interest where nothing reads it', async () => {
    await using run = await sweepFleet({ launcher: cluster(), roles: [role('server')] });

    expect(run.results[0]).not.toHaveProperty('row.power_valid');
  });
});

/** Nodes that answer `date` by another command. */
function withDate(launcher: NodeLauncher, argv: readonly string[]): NodeLauncher {
  const wrapped = (executor: Executor): Executor => ({
    ...executor,
    run: (spec, signal) => executor.run(spec.argv[0] === 'date' ? { ...spec, argv } : spec, signal),
  });
  return {
    ...launcher,
    async acquire(request, signal) {
      const lease = await launcher.acquire(request, signal);
      return { ...lease, executors: lease.executors.map(wrapped) };
    },
  };
}
