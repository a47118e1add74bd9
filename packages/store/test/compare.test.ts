import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comparison } from '../src/compare/compare.js';
import { makeStoreWorkspace, type StoreWorkspace } from './commands.js';
import { NUMBERS, row, STALLED } from './rows.js';

/** Park and Miller's generator. */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

const CONCS = [4, 8, 16, 32, 64];
const CURVES = [
  { framework: 'sglang', precision: 'fp8' },
  { framework: 'sglang', precision: 'fp4' },
  { framework: 'vllm', precision: 'fp8' },
];

/** A run's rows, whose numbers differ by up to 1 % from those of others. */
function rowsOf(seed: number, change: (row: ReturnType<typeof one>) => object = () => ({})) {
  const random = generator(1000 + seed);
  return CURVES.flatMap((curve) => CONCS.map((conc) => one(curve, conc, random))).map((each) => ({
    ...each,
    ...change(each),
  }));
}

function one(curve: object, conc: number, random: () => number) {
  const noisy = (value: number) => value * (1 + 0.02 * (random() - 0.5));
  return {
    ...row({ ...curve, conc }),
    tput_per_gpu: noisy(50 * conc),
    median_intvty: noisy(200 / Math.sqrt(conc)),
    median_ttft: noisy(NUMBERS.median_ttft),
    framework: 'sglang',
    precision: 'fp8',
    ...curve,
    conc,
  };
}

const slower = (share: number, of: Partial<ReturnType<typeof one>>) => (each: ReturnType<typeof one>) =>
  Object.entries(of).every(([key, value]) => each[key as keyof typeof each] === value)
    ? { tput_per_gpu: each.tput_per_gpu * (1 - share) }
    : {};

let workspace: StoreWorkspace;
beforeAll(async () => {
  workspace = await makeStoreWorkspace();
  const runs: Record<string, object[]> = {
    ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`run_0${n}`, rowsOf(n)])),
    run_same: rowsOf(11),
    run_slow: rowsOf(12, slower(0.1, { framework: 'vllm' })),
    run_slow_again: rowsOf(13, slower(0.1, { framework: 'vllm' })),
    run_fast: rowsOf(14, slower(-0.1, {})),
    run_hiccup: rowsOf(15, slower(0.2, { framework: 'vllm', conc: 16 })),
    run_image: rowsOf(16, () => ({ image: 'engine#server:v2' })),
    run_stalled: rowsOf(17, () => STALLED),
    run_less: rowsOf(18).filter(({ conc }) => conc > 8),
    run_elsewhere: rowsOf(19, () => ({ hw: 'mi355x' })),
  };
  for (const [name, rows] of Object.entries(runs)) await workspace.write(`${name}/agg_bmk.json`, rows);
  await workspace.run('import', '.');
});
afterAll(() => workspace[Symbol.asyncDispose]());

async function compared(...args: readonly string[]): Promise<Comparison & { readonly exitCode: number }> {
  const { exitCode, stdout, said } = await workspace.run('compare', ...args, '--json');
  expect(said).toBe('');
  return { exitCode, ...(JSON.parse(stdout) as Comparison) };
}

describe('sweepline compare', () => {
  it('says that a run without a change is the same, after what it could have seen', async () => {
    const comparison = await compared('run_05', 'run_same');

    expect(comparison).toMatchObject({ exitCode: 0, verdict: 'same', unmatched: [] });
    expect(comparison.points).toHaveLength(15);
    expect(comparison.curves.every(({ verdict }) => verdict === 'same')).toBe(true);
    for (const { detectable, interval, change } of comparison.curves) {
      expect(detectable).toBeLessThan(0.3);
      expect(change).toBeGreaterThan(interval![0]);
      expect(change).toBeLessThan(interval![1]);
    }
    const { stdout } = await workspace.run('compare', 'run_05', 'run_same');
    const header = stdout.split('\n').find((line) => line.startsWith('curve'))!;
    expect(header.indexOf('detectable')).toBeLessThan(header.indexOf('verdict'));
  });

  it('finds a curve that has become slower, and no other', async () => {
    const comparison = await compared('run_05', 'run_slow', '--confirmed-by', 'run_slow_again');

    expect(comparison).toMatchObject({ exitCode: 7, verdict: 'worse', confirmedBy: 'run_slow_again' });
    expect(comparison.curves.filter(({ verdict }) => verdict !== 'same')).toEqual([
      expect.objectContaining({
        curve: 'dsr1 b200 vllm fp8 1024/1024',
        metric: 'tput_per_gpu',
        verdict: 'worse',
      }),
    ]);
    const [judged] = comparison.points.find(
      ({ name }) => name.includes('vllm') && name.endsWith('conc 16'),
    )!.metrics;
    expect(judged).toMatchObject({ metric: 'tput_per_gpu', runs: [1, 1], verdict: 'worse' });
    expect(judged!.change).toBeGreaterThan(-0.13);
    expect(judged!.change).toBeLessThan(-0.07);
  });

  it('takes back what the second run does not show', async () => {
    const once = await compared('run_05', 'run_slow');
    expect(once.verdict).not.toBe('same');
    expect(once.exitCode).not.toBe(0);

    expect(await compared('run_05', 'run_slow', '--confirmed-by', 'run_same')).toMatchObject({
      exitCode: 0,
      verdict: 'same',
    });
  });

  it('says better', async () => {
    expect(await compared('run_05', 'run_fast', '--confirmed-by', 'run_04')).toMatchObject({
      verdict: 'same',
    });
    const comparison = await compared('run_05', 'run_fast', '--metric', 'tput_per_gpu=3%');
    expect(
      comparison.points.flatMap(({ metrics }) => metrics).every(({ verdict }) => verdict === 'better'),
    ).toBe(true);
  });

  it('lists a single point that differs, which does not decide about its curve', async () => {
    const comparison = await compared('run_05', 'run_hiccup');

    expect(comparison.verdict).toBe('same');
    const { stdout } = await workspace.run('compare', 'run_05', 'run_hiccup');
    expect(stdout).toMatch(/vllm .*conc 16 +throughput per GPU .* worse/);
  });

  it('names the image that changed, and takes the notations of Docker and enroot for the same', async () => {
    const { points, verdict } = await compared('run_05', 'run_image');

    expect(verdict).toBe('same');
    expect(points[0]!.changed).toEqual([{ key: 'image', a: 'engine/server:v1', b: 'engine/server:v2' }]);
    const { stdout } = await workspace.run('compare', 'run_05', 'run_image');
    expect(stdout).toContain('image: engine/server:v1 → engine/server:v2 (15 of 15 points)');
  });

  it('says nothing of throughput where the server stalled', async () => {
    const { points, exitCode } = await compared('run_05', 'run_stalled', '--metric', 'tput_per_gpu');

    expect(exitCode).toBe(8);
    expect(points.flatMap(({ metrics }) => metrics.map(({ verdict, reason }) => [verdict, reason]))).toEqual(
      Array.from({ length: 15 }, () => ['unsure', 'the server stalled']),
    );
  });

  it('lists what it compares with nothing', async () => {
    const less = await compared('run_05', 'run_less');
    expect(less.points).toHaveLength(9);
    expect(less.unmatched.map(({ side, reason }) => `${side} ${reason}`)).toEqual(
      Array.from({ length: 6 }, () => 'a b has no such point'),
    );
    expect(await compared('run_05', 'run_elsewhere')).toMatchObject({
      exitCode: 8,
      verdict: 'unsure',
      reason: 'the sides have no point in common',
    });
  });

  it('takes the median over the runs of a side', async () => {
    const { points } = await compared("SELECT run, point FROM results WHERE run LIKE 'run_0_'", 'run_same');

    expect(points.every(({ a }) => a.length === 5)).toBe(true);
    expect(points[0]!.metrics[0]!.runs).toEqual([5, 1]);
    const alone = await compared('run_05', 'run_same');
    expect(Math.abs(points[0]!.metrics[0]!.detectable!)).toBeLessThan(
      Math.abs(alone.points[0]!.metrics[0]!.detectable!),
    );
  });

  it('takes filters, folders and SQL', async () => {
    const { points } = await compared('run=run_05 framework=vllm', './run_same');
    expect(points).toHaveLength(5);
  });

  it('does not learn noise from what it judges', async () => {
    const { noise } = await compared('run_05', 'run_slow', '--confirmed-by', 'run_slow_again');
    const { noise: alone } = await compared('run_05', 'run_slow');

    // Between the two there is one repeat of each point more.
    expect(noise[0]!.repeats).toBe(alone[0]!.repeats);
    const [pairs] = await workspace.ask(
      `SELECT sum(n - 1) AS n FROM (
        SELECT count(*) AS n FROM results WHERE run <> 'run_slow' GROUP BY series, replace(image, '#', '/'))`,
    );
    expect(alone.find(({ metric }) => metric === 'median_intvty')!.repeats).toBe(Number(pairs!['n']));
  });

  it.each([
    [['run_05', 'run_05'], /is in run_05 and in run_05/],
    [['run_05', 'nothing'], /no results are meant by nothing/],
    [['run_05', 'SELECT run FROM results'], /does not select run and point/],
    [['run_05', 'nope=1'], /results have no column nope/],
    [['run_05', '2026-01-01..'], /no results are meant/],
    [['run_05', 'run_same', '--metric', 'nope'], /nope is not a metric/],
    [['run_05', 'run_same', '--metric', 'tput_per_gpu=0%'], /is not a metric/],
  ])('refuses %j', async (args, reason) => {
    const { exitCode, stdout, said } = await workspace.run('compare', ...args);

    expect([exitCode, stdout]).toEqual([99, '']);
    expect(said).toMatch(/^USAGE: /);
    expect(said).toMatch(reason);
  });

  it('writes Markdown in which names mean nothing', async () => {
    await workspace.write(
      'run_markup/agg_bmk.json',
      rowsOf(20, () => ({ image: '<img src=x>|`a`\n# b' })),
    );
    await workspace.run('import', 'run_markup');
    const { stdout } = await workspace.run('compare', 'run_05', 'run_markup', '--format', 'markdown');

    expect(stdout).toMatch(/^### The same: run_markup against run_05/);
    expect(stdout).not.toMatch(/(^|[^\\])<img/);
    expect(stdout).not.toMatch(/^# b/m);
  });
});

describe('a store with few repeats', () => {
  it("can't say anything", async () => {
    await using few = await makeStoreWorkspace();
    for (const n of [1, 2]) await few.write(`run_${n}/agg_bmk.json`, rowsOf(n));
    await few.run('import', '.');
    const { exitCode, stdout } = await few.run('compare', 'run_1', 'run_2');

    expect(exitCode).toBe(8);
    expect(stdout).toContain('fewer repeats than it takes to learn from');
  });

  it('answers in SQL how much repeats differ, and which change of a point would be found', async () => {
    // Nothing else has its image: what it is compared with teaches all that is known.
    const [point] = (await compared('run_05', 'run_image')).points;
    const judged = point!.metrics.find(({ metric }) => metric === 'tput_per_gpu')!;
    const [cell] = await workspace.ask(
      "SELECT DISTINCT d.detectable, n.repeats, n.p95_spread, n.nodes FROM detectable d JOIN noise n USING (metric, cell, is_stalled) WHERE d.metric = 'tput_per_gpu' AND d.cell = 'b200 sglang' AND NOT d.is_stalled",
    );

    expect(cell).toMatchObject({ detectable: judged.detectable });
    expect(cell).not.toHaveProperty('nodes');
    expect(cell!['repeats']).toBeGreaterThan(50);
    // Rows differ by up to 1 % from what is true; those with a planted change by 20 %.
    expect(cell!['p95_spread']).toBeGreaterThan(0.01);
    expect(cell!['p95_spread']).toBeLessThan(0.3);
    expect(
      await workspace.ask(
        "SELECT metric, is_stalled, count(*) AS n, count(detectable) AS known FROM detectable WHERE run = 'run_stalled' GROUP BY ALL ORDER BY ALL",
      ),
    ).toEqual([
      { metric: 'median_intvty', is_stalled: false, n: 15, known: 15 },
      { metric: 'median_ttft', is_stalled: false, n: 15, known: 15 },
      { metric: 'tput_per_gpu', is_stalled: true, n: 15, known: 0 },
    ]);
  });

  it('takes a side from what would be found', async () => {
    const seen = "SELECT run, point FROM detectable WHERE metric = 'tput_per_gpu' AND detectable > -0.5";
    const { points } = await compared(`${seen} AND run = 'run_05'`, `${seen} AND run = 'run_same'`);

    expect(points).toHaveLength(15);
  });
});
