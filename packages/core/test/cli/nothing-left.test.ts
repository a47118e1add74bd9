import { expect, it } from 'vitest';
import { runCli } from '../run-cli.js';
import { acmeEntry, makeWorkspace } from '../workspace.js';

const CONFIGS = {
  'configs/acme.yaml':
    acmeEntry('one', { conc: [1, 8] }) + acmeEntry('two').replace('precision: fp8', 'precision: fp4'),
};

const REASONS: readonly [string, RegExp][] = [
  ['--framework acne', /--framework acne leaves none of the 3 jobs; did you mean "acme"\?/],
  ['--framework sglang', /--framework sglang leaves none of the 3 jobs; there is: acme/],
  [
    '--precision fp8 --model-prefix two',
    /--precision fp8 leaves none of the one job; (did you mean "fp4"|there is: fp4)/,
  ],
  ['--model-prefix three', /--model-prefix three leaves none of the 3 jobs; there are: one, two/],
  ['--seq-lens 1k1k', /--seq-lens 1k1k leaves none of the 3 jobs; there is: 20\/5/],
  ['--min-conc 64', /--min-conc 64 leaves none of the 3 jobs; there are: 1, 2, 8/],
  ['--multi-node', /--multi-node leaves none of the 3 jobs: all are single-node/],
  ['--runner-node-filter cw', /--runner-node-filter cw leaves none of the 3 jobs; there is: acme-x1/],
];

it.each(REASONS)('an empty selection says which filter took the last jobs: %s', async (flags, reason) => {
  await using workspace = await makeWorkspace(CONFIGS);

  const matrix = await runCli(['matrix', ...flags.split(' ')], workspace.root);
  expect(matrix).toMatchObject({ exitCode: 0, stdout: '[]\n' });
  expect(matrix.stderr).toMatch(reason);
  for (const command of ['plan', 'sweep']) {
    const { exitCode, stdout, stderr } = await runCli([command, ...flags.split(' ')], workspace.root);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toMatch(/^MATRIX_EMPTY: nothing to run: /);
    expect(stderr).toMatch(reason);
  }
});

it.each(['--max-conc 0', '--min-conc -1', '--max-tp 0', '--min-conc 9 --max-conc 8', '--seq-lens 20x'])(
  'what no job can have is wrong usage: %s',
  async (flags) => {
    await using workspace = await makeWorkspace(CONFIGS);

    const { exitCode, stdout, stderr } = await runCli(['sweep', ...flags.split(' ')], workspace.root);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(flags.split(' ')[0]);
  },
);

it('lengths without a name are chosen by their tokens', async () => {
  await using workspace = await makeWorkspace(CONFIGS);

  const { stdout } = await runCli(['matrix', '--seq-lens', '20/5', '--model-prefix', 'one'], workspace.root);

  expect(JSON.parse(stdout)).toHaveLength(2);
});
