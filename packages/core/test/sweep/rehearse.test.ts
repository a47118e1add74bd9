import { expect, it } from 'vitest';
import { acmeEntry, makeWorkspace } from '../workspace.js';

/** Of each kind: survived, survived on another node, lost for what it is, and what can't happen to it. */
const FAULTS = [
  'scheduler-silent',
  'node-unfit',
  'engine-refuses',
  'other-model',
  'disk-full',
  'set-up-fails',
];

it('a rehearsal takes a point of each shape through everything, and each fault to what it should come to', async () => {
  await using workspace = await makeWorkspace({
    'configs/acme.yaml': acmeEntry('one', { conc: [1, 2] }) + acmeEntry('two'),
  });

  const { exitCode, stdout, stderr } = await workspace.cli(['rehearse', '--faults', ...FAULTS, '--json']);

  const [only, ...others] = JSON.parse(stdout) as {
    points: number;
    rehearsals: { fault?: string; verdict: { kind: string; said?: string } }[];
  }[];
  expect(others).toEqual([]);
  expect(only?.points).toBe(3);
  const verdicts = only?.rehearsals.map(({ fault = 'none', verdict }) => [fault, verdict.kind]);
  expect(Object.fromEntries(verdicts ?? [])).toEqual({
    ...{ none: 'passed', 'scheduler-silent': 'passed', 'node-unfit': 'passed' },
    ...{ 'engine-refuses': 'lost', 'other-model': 'lost', 'disk-full': 'lost', 'set-up-fails': 'skipped' },
  });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
}, 180_000);

it('says what goes wrong, and exits with 1', async () => {
  await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('one', { conc: [1] }) });
  await workspace.write(
    'node_modules/@acme/sweepline-plugin/index.js',
    (await workspace.read('node_modules/@acme/sweepline-plugin/index.js')).replace(
      "ready: [{ role: 'server', when: { http: '/health' }",
      "ready: [{ role: 'server', when: { tcp: 'no-such-port' }",
    ),
  );

  const { exitCode, stdout } = await workspace.cli(['rehearse']);

  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/no fault +0 +0 +1 +0 +\d/);
});
