import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GateReport } from '../src/gate/gate.js';
import { makeStoreWorkspace, type StoreWorkspace } from './commands.js';
import { row } from './rows.js';
import { completed, failed, rejected, skipped, writeRun } from './runs.js';

const mark = (code: string, severity: string) => ({ code, severity, message: `${code} was found` });

let workspace: StoreWorkspace;
beforeAll(async () => {
  workspace = await makeStoreWorkspace();
  const { tput_per_gpu: _, ...rest } = completed('c')['row'] as Record<string, unknown>;
  await writeRun(join(workspace.resultsDir, 'good'), {
    id: 'good',
    results: [completed('a'), completed('b')],
  });
  await writeRun(join(workspace.resultsDir, 'bad'), {
    id: 'bad',
    pointNames: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
    results: [
      completed('a', { delivered: { offered: 40, sent: 40, completed: 37, failed: 3, peakInFlight: 4 } }),
      completed('b', { marks: [mark('short-output', 'invalid'), mark('client-late-timers', 'note')] }),
      { ...completed('c'), row: rest },
      failed('d'),
      failed('e', { state: 'interrupted', error: undefined }),
      rejected('g'),
      skipped('h'),
    ],
  });
  await writeRun(join(workspace.resultsDir, 'later'), {
    id: 'later',
    results: [completed('a', { at: '11:00' })],
  });
  await workspace.write('run_imported/agg_bmk.json', [row()]);
  await workspace.write('run_imported/agg_eval_all.json', [
    {
      model_prefix: 'dsr1',
      hw: 'b200',
      framework: 'sglang',
      precision: 'fp8',
      task: 'gsm8k',
      em_strict: 0.85,
      conc: 64,
    },
  ]);
  await workspace.run('import', 'run_imported');
});
afterAll(() => workspace[Symbol.asyncDispose]());

async function judged(run: string, rules: object[]): Promise<{ exitCode: number; report: GateReport }> {
  await workspace.write('gate.yaml', { rules: rules.map((rule) => ({ reason: 'why', ...rule })) });
  const { exitCode, stdout } = await workspace.run('gate', run, '--json');
  return { exitCode, report: JSON.parse(stdout) as GateReport };
}

async function findings(run: string, rule: object): Promise<readonly string[]> {
  const { report } = await judged(run, [rule]);
  return report.rules[0]!.findings.map(
    ({ point, status, message }) => `${status} ${point ?? 'run'}: ${message}`,
  );
}

const USUAL = [
  { rule: 'failed-requests' },
  { rule: 'marks' },
  { rule: 'client-health' },
  { rule: 'required-metrics', metrics: ['tput_per_gpu'] },
  { rule: 'completeness' },
];

describe('sweepline gate', () => {
  it('lets a run pass that meets all rules', async () => {
    const { exitCode, report } = await judged('good', USUAL);

    expect([exitCode, report.status]).toEqual([0, 'passed']);
    expect(report.rules.map(({ rule, reason, status }) => [rule, reason, status])).toEqual(
      USUAL.map(({ rule }) => [rule, 'why', 'passed']),
    );
  });

  it.each([
    [{ rule: 'failed-requests' }, ['failed a: 3 of 40 requests failed; limit 5 %']],
    [{ rule: 'failed-requests', most: 0.1 }, []],
    [{ rule: 'marks' }, ['failed b: short-output: short-output was found']],
    [{ rule: 'marks', except: ['short-output'] }, []],
    [{ rule: 'client-health' }, ['failed b: client-late-timers: client-late-timers was found']],
    [
      { rule: 'required-metrics', metrics: ['tput_per_gpu', 'median_ttft'] },
      ['failed c: it has no tput_per_gpu'],
    ],
    [
      { rule: 'completeness' },
      [
        'failed f: it has no result',
        'failed h: it was skipped: its time is over (--max-hours 2)',
        'failed e: interrupted, without a reason',
        'failed d: server-death: it died',
        'failed g: the launcher has no such nodes',
      ],
    ],
    [
      { rule: 'completeness', 'most-failed': 0.25 },
      [
        'failed f: it has no result',
        'failed h: it was skipped: its time is over (--max-hours 2)',
        'failed e: interrupted, without a reason',
      ],
    ],
  ])('finds by %j', async (rule, expected) => {
    expect(await findings('bad', rule)).toEqual(expected);
  });

  it('says what it can not say', async () => {
    const { exitCode, report } = await judged('run_imported', [
      { rule: 'failed-requests' },
      { rule: 'completeness' },
    ]);

    expect([exitCode, report.status]).toEqual([8, 'unsure']);
    expect(report.rules.flatMap((rule) => rule.findings.map(({ message }) => message))).toEqual([
      'how many requests failed is not on record of 1 points',
      'which points it was to measure is not on record',
    ]);
  });

  it('compares with another run, and with the last one that has a point of it', async () => {
    expect(await findings('good', { rule: 'regression', against: 'bad' })).toEqual([
      expect.stringMatching(/^unsure run: against bad: nothing can be said: .* of curves$/),
    ]);
    expect(await findings('good', { rule: 'regression', against: 'bad', unsure: 'passes' })).toEqual([]);
    expect(await findings('good', { rule: 'regression' })).toEqual([
      'unsure run: no run before has a point of this one',
    ]);
  });

  it('names the run before to compare as well', async () => {
    const { exitCode, stdout } = await workspace.run('compare', 'previous', 'later', '--json');
    expect([exitCode, (JSON.parse(stdout) as { a: string }).a]).toEqual([8, 'good']);
    expect((await workspace.run('compare', 'previous', 'good')).said).toMatch(
      /^USAGE: no run before has a point of good/,
    );
  });

  it('holds scores against floors', async () => {
    expect(await findings('run_imported', { rule: 'eval-floor', floors: { gsm8k: 0.9, gpqa: 0.3 } })).toEqual(
      ['failed run: gsm8k 0.85, below 0.9: dsr1 b200 sglang fp8 64', 'unsure run: no scores of gpqa'],
    );
    expect(await findings('run_imported', { rule: 'eval-floor', floors: { gsm8k: 0.85 } })).toEqual([]);
  });

  it('fails where speculative decoding accepts another number of drafts than it is known to', async () => {
    const drafting = (name: string, length?: number) => ({
      ...completed(name, { metrics: length === undefined ? {} : { server_acceptance_length: length } }),
      job: { 'spec-decoding': 'mtp', image: name },
    });
    await writeRun(join(workspace.resultsDir, 'drafting'), {
      id: 'drafting',
      results: [drafting('close', 2.35), drafting('far', 1.9), drafting('silent'), completed('plain')],
    });
    const expecting = (where: object) =>
      findings('drafting', { rule: 'acceptance-length', expected: [{ where, length: 2.4 }] });

    expect(await expecting({ 'job.spec-decoding': 'm?p' })).toEqual([
      'failed far: 1.90 tokens a step of speculative decoding, not 2.4 ± 5 %',
      'unsure silent: its server does not count accepted drafts',
    ]);
    expect(await expecting({ 'job.spec-decoding': 'mtp', 'job.image': 'close' })).toEqual([]);
    expect(await expecting({ 'job.spec-decoding': 'eagle' })).toEqual([
      'unsure run: no valid point has the settings job.spec-decoding: eagle',
    ]);
  });

  it('lets pass what a waiver names until it expires, and names waivers that waive nothing', async () => {
    const waiver = { rule: 'completeness', author: 'Ada', reason: 'known', expires: '2999-12-31' };
    await workspace.write('waivers/d.yaml', { ...waiver, points: 'd*' });
    await workspace.write('waivers/old.yaml', { ...waiver, expires: '2020-01-01' });
    await workspace.write('waivers/other.yaml', { ...waiver, rule: 'marks' });
    const { report, exitCode } = await judged('bad', [{ rule: 'completeness' }]);
    const { stdout } = await workspace.run('gate', 'bad');

    expect(exitCode).toBe(7);
    expect(report.rules[0]!.findings.map(({ point, waivedBy }) => [point, waivedBy?.author])).toEqual([
      ['f', undefined],
      ['h', undefined],
      ['e', undefined],
      ['d', 'Ada'],
      ['g', undefined],
    ]);
    expect(stdout).toContain('waived by Ada until 2999-12-31 (known): d: server-death: it died');
    expect(stdout).toMatch(/old\.yaml \(completeness, Ada\): it expired on 2020-01-01/);
    expect(stdout).toMatch(/other\.yaml \(marks, Ada\): it waives nothing/);
    await workspace.write('waivers/all.yaml', waiver);
    expect(await workspace.run('gate', 'bad')).toMatchObject({ exitCode: 0 });
  });

  it.each([
    [{ rules: [] }, /expected/],
    [{ rules: [{ rule: 'nope', reason: 'r' }] }, /expected one of failed-requests, marks/],
    [{ rules: [{ rule: 'marks' }] }, /missing field "reason"/],
    [{ rules: [{ rule: 'marks', reason: 'r', cods: [] }] }, /did you mean "codes"/],
  ])('refuses %j', async (content, problem) => {
    await workspace.write('wrong.yaml', content);
    const { exitCode, stdout, said } = await workspace.run('gate', 'good', '--rules', 'wrong.yaml');

    expect([exitCode, stdout]).toEqual([99, '']);
    expect(said).toMatch(problem);
  });

  it('refuses waivers with mistakes, and runs that are not there', async () => {
    await workspace.write('gate.yaml', { rules: [{ rule: 'marks', reason: 'r' }] });
    expect((await workspace.run('gate', 'nothing')).said).toMatch(/^USAGE: there is no run nothing/);
    await workspace.write('waivers/wrong.yaml', {
      rule: 'marks',
      author: 'Ada',
      reason: 'r',
      expires: 'soon',
    });
    expect((await workspace.run('gate', 'good')).said).toMatch(/CONFIG_INVALID.*expires/);
  });
});
