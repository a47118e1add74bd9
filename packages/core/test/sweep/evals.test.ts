import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CompletedResult } from '../../src/results/schema.js';
import { acmeEntry, BUSY_MACHINE, makeWorkspace, SWEEPLINE_YAML, type TestWorkspace } from '../workspace.js';

const CONFIG = { 'configs/acme.yaml': acmeEntry('one', { conc: [1, 2] }) };

const ASK_ONE = ['sweep', '--all-evals', '--evals-only', '--max-conc', '1'];

function evalsYaml(options: object, more = ''): string {
  return `tasks:\n  sums:\n    plugin: acme-questions\n    floor: 0.5\n    options: ${JSON.stringify(options)}\n${more}`;
}

async function completed(workspace: TestWorkspace): Promise<readonly CompletedResult[]> {
  const results = await workspace.results();
  return results.filter((result): result is CompletedResult => result.state === 'completed');
}

describe('evals of a sweep', () => {
  it('are asked of the server that was loaded, and are part of the result', async () => {
    await using workspace = await makeWorkspace({
      ...CONFIG,
      'configs/sweepline.yaml': `${SWEEPLINE_YAML}client: { limits: ${BUSY_MACHINE} }\n`,
      'configs/evals.yaml': evalsYaml({ score: 0.9 }),
    });

    const { exitCode, stderr } = await workspace.cli(['sweep', '--all-evals', '--max-conc', '1']);

    expect(stderr).not.toContain('EVAL');
    expect(exitCode).toBe(0);
    const [result] = await completed(workspace);
    expect(result?.metrics['request_throughput']).toBeGreaterThan(0);
    expect(result?.evals).toMatchObject([
      {
        task: 'sums',
        verdict: 'passed',
        floor: 0.5,
        samples: 100,
        fewshot: 2,
        dataset: { name: 'fake-model' },
        scores: [{ metric: 'exact_match', filter: 'strict-match', value: 0.9, stderr: 0.01 }],
        files: ['evals/sums/scores.json', 'evals/sums/answers.json', 'evals/sums/eval.log'],
      },
    ]);
    expect(await workspace.readRunFile(`points/${result!.name}/evals/sums/eval.log`)).toBe('asking\n');
    expect(await workspace.readRunFile(`points/${result!.name}/evals/sums/answers.json`)).toBe(
      '{"one":1,"two":0}\n',
    );
  });

  it.each([
    [
      { score: 0.45 },
      'eval-below-floor',
      /sums: exact_match \(strict-match\) 45\.0 % .*floor 50\.0 %; its interval/,
    ],
    [{ score: 0.1 }, 'eval-below-floor', /10\.0 %.*floor 50\.0 %$/],
    [{ exit: 3, says: 'no such data set' }, 'eval-failed', /ended with 3: no such data set/],
    [{}, 'eval-failed', /sums/],
    [{ hangs: true, 'timeout-s': 1 }, 'eval-failed', /did not end within 1 s/],
  ])('make the speed invalid where answers are wrong or unknown: %j', async (options, code, message) => {
    await using workspace = await makeWorkspace({ ...CONFIG, 'configs/evals.yaml': evalsYaml(options) });

    const { exitCode } = await workspace.cli(ASK_ONE);

    expect(exitCode).toBe(6);
    const [result] = await completed(workspace);
    expect(result?.marks).toContainEqual({
      ...{ code, severity: 'invalid' },
      message: expect.stringMatching(message) as string,
    });
  });

  it('are judged by the score, and say where the floor is within its interval', async () => {
    await using workspace = await makeWorkspace({
      ...CONFIG,
      'configs/evals.yaml': evalsYaml({ score: 0.52 }),
    });

    const { exitCode } = await workspace.cli(ASK_ONE);

    expect(exitCode).toBe(0);
    const [result] = await completed(workspace);
    expect(result?.evals).toMatchObject([{ verdict: 'passed', undecided: true }]);
    expect(result?.marks.map((mark) => mark.code)).toContain('eval-undecided');
  });

  it('alone load nothing, and run where the server is if a plan asks for that', async () => {
    await using workspace = await makeWorkspace({
      ...CONFIG,
      'configs/evals.yaml': evalsYaml({ score: 0.9, runtime: 'server' }),
    });

    const { exitCode } = await workspace.cli(ASK_ONE);

    expect(exitCode).toBe(0);
    const [result] = await completed(workspace);
    expect(result).toMatchObject({
      metrics: {},
      delivered: { sent: 0 },
      withheld: 'its server was asked, and not loaded',
      evals: [{ verdict: 'passed' }],
    });
  });

  it('keep secrets out of their files', async () => {
    await using workspace = await makeWorkspace({
      ...CONFIG,
      'configs/evals.yaml': evalsYaml({ score: 0.9, says: 'token hidden-token-value' }),
    });
    const env = { HF_TOKEN: 'hidden-token-value' };

    await workspace.cli(ASK_ONE, { env });

    const [result] = await completed(workspace);
    for (const file of result!.evals![0]!.files)
      expect(await workspace.readRunFile(`points/${result!.name}/${file}`)).not.toContain(
        'hidden-token-value',
      );
  });

  it('that can not be had of a job are left out, and said', async () => {
    await using workspace = await makeWorkspace({
      ...CONFIG,
      'configs/evals.yaml': evalsYaml({ refuses: 'no chat template' }),
    });

    const { stderr } = await workspace.cli(ASK_ONE);

    expect(stderr).toContain('eval sums is left out: no chat template');
    expect((await workspace.results())[0]).toMatchObject({
      state: 'rejected',
      error: { message: 'it is only to be asked, and there is nothing to ask it' },
    });
  });

  it.each([
    [undefined, ['--all-evals'], 3, 'configs/evals.yaml'],
    [evalsYaml({ score: 'high' }), ['--all-evals'], 3, 'evals.yaml:5'],
    ['tasks: { a: { plugin: nobody } }', ['--all-evals'], 3, 'EVAL_UNKNOWN'],
    ['tasks: { a: { plugin: acme-questions, floor: 2 } }', ['--all-evals'], 3, 'fraction'],
    [evalsYaml({ score: 1 }), ['--evals', '--evals-only'], 3, 'no job is marked'],
    [evalsYaml({ score: 1 }), ['--no-evals', '--all-evals'], 2, '--no-evals'],
  ])('refuse what can not be meant: %j %j', async (evals, flags, code, words) => {
    await using workspace = await makeWorkspace({
      ...CONFIG,
      ...(evals !== undefined && { 'configs/evals.yaml': evals }),
    });

    const { exitCode, stderr } = await workspace.cli(['sweep', ...flags]);

    expect(stderr).toContain(words);
    expect(exitCode).toBe(code);
    expect(existsSync(join(workspace.root, 'results'))).toBe(false);
  });
});
