import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { DelegatePlan } from '../../src/index.js';
import { createFakeCluster } from '../../src/testing/index.js';
import { installSlurm, storedJobs, useSlurm } from './fake-slurm.js';
import { sweepFleet, type FleetOptions } from './fleet.js';

const folder = await mkdtemp(join(tmpdir(), 'sweepline-delegates-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

await installSlurm(join(folder, 'bin'));
let runs = 0;
beforeEach(() => useSlurm(join(folder, `slurm-${(runs += 1)}`)));

/** benchmark_serving.py's result of a closed loop. */
function result(concurrency: number, more: object = {}): string {
  const times = ['ttft', 'tpot', 'itl', 'e2el'].flatMap((metric) =>
    ['mean', 'median', 'std', 'p99'].map((statistic) => [`${statistic}_${metric}_ms`, concurrency + 1]),
  );
  return JSON.stringify({
    ...{ date: '20260201-000000', backend: 'dynamo', model_id: 'fake-model', tokenizer_id: 'fake-model' },
    ...{ best_of: 1, num_prompts: 20, request_rate: 'inf', burstiness: 1, max_concurrency: concurrency },
    ...{ duration: 2, completed: 20, total_input_tokens: 400, total_output_tokens: 100 },
    ...{ request_throughput: 10, output_throughput: 50, total_token_throughput: 250 },
    ...Object.fromEntries(times),
    ...{ input_lens: [20, 20], ttfts: [0.003, 0.004] },
    ...more,
  });
}

/** A program that writes a job's script and hands it to sbatch, as srtctl does. */
function delegate(job: readonly string[], more: Partial<DelegatePlan> = {}): DelegatePlan {
  const script = ['out=outputs/$SLURM_JOB_ID/logs', 'mkdir -p $out/isl_20_osl_5', ...job].join('\n');
  return {
    kind: 'delegate',
    setup: [{ argv: ['mkdir', 'clone'], env: {} }],
    files: { 'clone/job.sh': script },
    submit: { argv: ['sbatch', 'job.sh'], env: {}, cwd: [{ ref: 'workspace' }, '/clone'] },
    results: { folder: 'clone/outputs/{job}/logs', client: 'a bench of ours' },
    ...more,
  };
}

const writes = (concurrency: number, text = result(concurrency)): string =>
  `cat > $out/isl_20_osl_5/results_concurrency_${concurrency}.json <<'JSON'\n${text}\nJSON`;

function sweepWith(plan: DelegatePlan, more: Partial<FleetOptions> = {}) {
  const { launcher } = createFakeCluster({ folder, nodes: 1 });
  return sweepFleet({ launcher, roles: [], delegate: plan, ...more });
}

describe('a delegate', () => {
  it('measures all concurrencies of a job at once, and its results become ours, as its own', async () => {
    const plan = delegate(['echo sweep begins > $out/sweep.log', writes(2), writes(4)]);
    await using run = await sweepWith(plan, { concurrencies: [2, 4] });

    expect(await storedJobs()).toMatchObject([
      { state: 'COMPLETED', name: expect.stringMatching(/^sweepline-[0-9a-f]{32}$/) as string },
    ]);
    expect(run.results).toMatchObject([
      {
        state: 'completed',
        concurrency: 2,
        metrics: { mean_ttft_ms: 3 },
        row: { conc: 2, mean_ttft: 0.003 },
      },
      {
        state: 'completed',
        concurrency: 4,
        metrics: { mean_ttft_ms: 5 },
        row: { conc: 4, mean_ttft: 0.005 },
      },
    ]);
    const [first] = run.results;
    expect(first).toMatchObject({
      provenance: { client: 'a bench of ours' },
      delivered: { offered: 20, sent: 20, completed: 20, failed: 0 },
      marks: [
        {
          code: 'delegated',
          severity: 'note',
          message: expect.stringMatching(/^measured by a bench of ours.*1000 COMPLETED/) as string,
        },
      ],
    });
    expect(first).not.toHaveProperty('files.records');
    const raw = JSON.parse(await run.read(first!.name, 'raw.json')) as object;
    expect(raw).toMatchObject({ max_concurrency: 2, duration: 2 });
    expect(raw).not.toHaveProperty('ttfts');
    expect(await run.files(first!.name)).toContain('logs/submit-0-0.log');
    expect(await run.read(first!.name, 'clone/outputs/1000/logs/sweep.log')).toBe('sweep begins\n');
  });

  it('whose job leaves no whole result of a concurrency fails that point alone, and says how the job ended', async () => {
    const plan = delegate([writes(2), writes(4, result(4).slice(0, 100)), 'exit 3']);
    await using run = await sweepWith(plan, { concurrencies: [2, 4] });

    expect(run.results).toMatchObject([
      { state: 'completed', concurrency: 2 },
      {
        state: 'failed',
        error: {
          code: 'RESULT_INVALID',
          message: "the program's job (1000 ended as FAILED) left no result for concurrency 4",
        },
      },
    ]);
  });

  it('with two results of a concurrency, or many failed requests, has none', async () => {
    const twice = 'cp $out/isl_20_osl_5/results_concurrency_2.json $out/again.json';
    const plan = delegate([writes(2), twice, writes(4, result(4, { completed: 1 }))]);
    await using run = await sweepWith(plan, { concurrencies: [2, 4] });

    expect(run.results).toMatchObject([
      {
        state: 'failed',
        error: { message: expect.stringContaining('several results for concurrency 2') as string },
      },
      {
        state: 'failed',
        error: { code: 'REQUEST_FAILED', message: expect.stringContaining('19 of 20') as string },
      },
    ]);
  });

  it.each([
    [
      'SETUP_FAILED',
      { setup: [{ argv: ['sh', '-c', 'echo no route to host; exit 7'], env: {} }] },
      /exit code 7: no route to host/,
    ],
    [
      'ALLOCATION_FAILED',
      { submit: { argv: ['sh', '-c', 'echo no such partition; exit 1'], env: {} } },
      /exit code 1: no such partition/,
    ],
    ['ALLOCATION_FAILED', { submit: { argv: ['true'], env: {} } }, /Slurm has no job named sweepline-/],
  ] as const)('that fails with %s says so, and leaves no job', async (code, more, message) => {
    await using run = await sweepWith(delegate([], more));

    expect(run.results).toMatchObject([
      { state: 'failed', error: { code, message: expect.stringMatching(message) as string } },
    ]);
    expect(await storedJobs()).toEqual([]);
  });

  it('whose result is of other lengths or GPUs than the job is invalid', async () => {
    const other = result(2, { total_input_tokens: 4000 });
    const plan = delegate([`cat > $out/results_concurrency_2_gpus_16.json <<'JSON'\n${other}\nJSON`]);
    await using run = await sweepWith(plan);

    const marks = run.results.flatMap((one) => (one.state === 'completed' ? one.marks : []));
    expect(marks).toContainEqual({
      code: 'delegated-differs',
      severity: 'invalid',
      message:
        'results_concurrency_2_gpus_16.json has 200 input tokens per request for a job of 20, 16 GPUs for a job of 1',
    });
  });

  it('is not begun where there is no Slurm', async () => {
    const path = process.env['PATH'] ?? '';
    process.env['PATH'] = join(folder, 'empty');
    await using run = await sweepWith(delegate([writes(2)]));
    process.env['PATH'] = path;

    expect(run.results).toMatchObject([
      {
        state: 'failed',
        error: {
          code: 'ALLOCATION_FAILED',
          message: expect.stringContaining("squeue can't be run here") as string,
        },
      },
    ]);
  });

  it('is followed while the controller gives no answer', async () => {
    const silent = join(process.env['FAKE_SLURM'] ?? '', 'silent');
    const submit = { argv: ['sh', '-c', `sbatch job.sh && touch '${silent}'`], env: {} };
    await using run = await sweepWith(
      delegate([writes(2)], { submit: { ...submit, cwd: [{ ref: 'workspace' }, '/clone'] } }),
    );

    expect(run.results).toMatchObject([{ state: 'completed' }]);
    expect(await readdir(process.env['FAKE_SLURM'] ?? '')).toContain('silent.told');
  });

  it('is cancelled when the sweep is stopped, and jobs of others go on', async () => {
    const other = join(folder, 'other.sh');
    await writeFile(other, 'sleep 300\n');
    await execa('sbatch', [other], { env: { SBATCH_JOB_NAME: 'sweepline-of-another' } });
    const stop = new AbortController();
    const begun = join(folder, 'begun');
    const sweeping = sweepWith(delegate([`touch ${begun}`, 'sleep 300']), { signal: stop.signal });
    await expect.poll(() => readdir(folder), { timeout: 30_000 }).toContain('begun');
    stop.abort();
    await using run = await sweeping;

    expect(run.results).toMatchObject([{ state: 'interrupted' }]);
    const [bystander, ours] = await storedJobs();
    expect(bystander).toMatchObject({ name: 'sweepline-of-another', state: 'RUNNING' });
    expect(ours).toMatchObject({ state: 'CANCELLED' });
    await execa('scancel', ['--name', 'sweepline-of-another']);
  });

  it('that can not be cancelled leaves its session open, for the next sweep', async () => {
    const stop = new AbortController();
    const deaf = join(folder, 'deaf');
    const sweeping = sweepWith(delegate([`touch ${deaf}`, 'sleep 300']), { signal: stop.signal });
    await expect.poll(() => readdir(folder), { timeout: 30_000 }).toContain('deaf');
    const path = process.env['PATH'] ?? '';
    process.env['PATH'] = join(folder, 'empty');
    stop.abort();
    await using run = await sweeping;
    process.env['PATH'] = path;

    const [job] = await storedJobs();
    expect(job).toMatchObject({ state: 'RUNNING' });
    const sessions = join(run.folder, 'sessions');
    const [file = ''] = (await readdir(sessions)).filter((name) => name.endsWith('.json'));
    expect(JSON.parse(await readFile(join(sessions, file), 'utf8'))).toMatchObject({
      state: 'open',
      handle: `slurm-job-name:${job?.name}`,
    });
    await execa('scancel', ['--name', job?.name ?? '']);
  });

  it('that does not say where its results are is not run', async () => {
    const { results: _, ...plan } = delegate([writes(2)]);
    await using run = await sweepWith(plan);

    expect(run.results).toMatchObject([
      {
        state: 'rejected',
        error: { code: 'PLAN_UNSUPPORTED', message: expect.stringContaining('leaves its results') as string },
      },
    ]);
    expect(await storedJobs()).toEqual([]);
  });
});
