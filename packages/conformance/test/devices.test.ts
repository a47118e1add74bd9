import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { devicesOf, type Job } from '@sweepline/core';
import { describe, expect, it } from 'vitest';
import { plans, type Plan } from './plans.js';
import { PUBLIC_RESULTS } from './recordings.js';

const ROOT = join(import.meta.dirname, '../../..');
const BIN = join(ROOT, 'packages/core/bin/sweepline.js');

type MatrixJob = Job & { readonly framework: string; readonly runner: string };
type Row = Readonly<Record<string, unknown>>;

/** All jobs of the shipped configs. */
function shippedJobs(): readonly MatrixJob[] {
  const args = ['matrix', 'full-sweep', '--config-files', 'configs/nvidia', 'configs/amd'];
  const options = { cwd: ROOT, maxBuffer: 2 ** 28, encoding: 'utf8' } as const;
  const nodes = ['--single-node', '--multi-node'];
  return nodes.flatMap(
    (flag) =>
      JSON.parse(execFileSync(process.execPath, [BIN, ...args, flag], options)) as readonly MatrixJob[],
  );
}

/** Devices of a plan's processes, each of each node once, for all roles or for one. */
function laidOut({ processes = [] }: Plan, role?: string): number {
  const devices = processes
    .filter((process) => role === undefined || process.role === role)
    .flatMap(({ node, nodes = 1, devices: numbers = [] }) =>
      Array.from({ length: nodes }, (_, index) =>
        numbers.map((number) => `${node + index}.${number}`),
      ).flat(),
    );
  expect(new Set(devices).size).toBe(devices.length);
  return devices.length;
}

const jobs = shippedJobs();
const planned = await plans(jobs as never);
/** Launched by Sweepline itself if the config leaves it to another program, which would assign no devices here. */
const native = await plans(jobs.map(launchedNatively) as never);

function launchedNatively(job: MatrixJob): object {
  return 'prefill' in job ? { ...job, options: { ...job.options, launch: 'native' } } : job;
}

describe('devices of every job of the shipped configs', () => {
  it("are counted as they are assigned, and match the job's sizes", () => {
    expect(native.flatMap(({ rejected }) => rejected?.reason ?? [])).toEqual([]);
    const wrong = jobs.flatMap((job, index) => {
      const plan = native[index]!;
      const isMultiNode = 'prefill' in job;
      const counted = {
        total: laidOut(plan),
        ...(isMultiNode ? { prefill: laidOut(plan, 'prefill'), decode: laidOut(plan, 'decode') } : {}),
      };
      const agree = [plan.devices, planned[index]!.devices, devicesOf(job)].every(
        (devices) => JSON.stringify(devices) === JSON.stringify(counted),
      );
      return agree ? [] : [{ job, row: plan.devices, job_asks: devicesOf(job), counted }];
    });
    expect(jobs.length).toBeGreaterThan(1000);
    expect(wrong.slice(0, 3)).toEqual([]);
  });
});

/** The layout of a published row: hardware, software, and the sizes of its workers. */
function layoutKey(job: Job): string {
  if (!('prefill' in job)) return '';
  const workers = [job.prefill, job.decode].map(
    (worker) => `${worker['num-worker']}×tp${worker.tp} ep${worker.ep} ${worker['dp-attn']}`,
  );
  const sku = job.runner.replace(/[-_].*$/, '');
  return [sku, job.framework, job['model-prefix'], job.precision, job['spec-decoding'], ...workers].join(' ');
}

function rowKey(row: Row): string {
  const worker = (role: string): string =>
    `${String(row[`${role}_num_workers`])}×tp${String(row[`${role}_tp`])} ep${String(row[`${role}_ep`])} ` +
    String(row[`${role}_dp_attention`]);
  const sku = String(row['hw']).replace(/[-_].*$/, '');
  const names = ['framework', 'infmax_model_prefix', 'precision', 'spec_decoding'].map((key) => row[key]);
  return [sku, ...names, worker('prefill'), worker('decode')].join(' ');
}

describe.skipIf(!existsSync(PUBLIC_RESULTS))('published rows of disaggregated runs', () => {
  it('have as many prefill and decode GPUs as this code counts for the same layout', () => {
    const rows = readdirSync(PUBLIC_RESULTS)
      .flatMap((run) => JSON.parse(readFileSync(join(PUBLIC_RESULTS, run, 'agg_bmk.json'), 'utf8')) as Row[])
      .filter((row) => row['is_multinode'] === true);
    const byLayout = new Map(jobs.map((job, index) => [layoutKey(job), planned[index]!.devices]));

    const known = rows.filter((row) => byLayout.has(rowKey(row)));
    const counted = known.map((row) => {
      const { prefill, decode } = byLayout.get(rowKey(row))!;
      return { layout: rowKey(row), prefill, decode };
    });

    expect(new Set(known.map(rowKey)).size).toBeGreaterThan(10);
    expect(counted).toEqual(
      known.map((row) => ({
        layout: rowKey(row),
        prefill: row['num_prefill_gpu'],
        decode: row['num_decode_gpu'],
      })),
    );
  });
});
