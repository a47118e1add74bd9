import { expect, it } from 'vitest';
import { acmeEntry, makeWorkspace } from '../workspace.js';

it('a rehearsal takes a point of each shape through everything, and each fault to what it should come to', async () => {
  await using workspace = await makeWorkspace({
    'configs/acme.yaml': acmeEntry('one', { conc: [1, 2] }) + acmeEntry('two'),
  });

  const { exitCode, stdout, stderr } = await workspace.cli(['rehearse', '--faults', 'all', '--json']);

  const [only, ...others] = JSON.parse(stdout) as {
    points: number;
    rehearsals: { fault?: string; verdict: { kind: string; said?: string } }[];
  }[];
  expect(others).toEqual([]);
  expect(only?.points).toBe(3);
  const verdicts = only?.rehearsals.map(({ fault = 'none', verdict }) => [fault, verdict.kind]);
  expect(Object.fromEntries(verdicts ?? [])).toEqual({
    ...{ none: 'passed', 'scheduler-silent': 'passed', 'node-unfit': 'passed', 'node-busy': 'passed' },
    ...{ 'nodes-lost': 'passed', 'image-missing': 'lost', 'engine-refuses': 'lost', 'never-ready': 'lost' },
    ...{ 'other-model': 'lost', 'dies-under-load': 'lost', 'time-limit': 'lost', 'disk-full': 'lost' },
    'set-up-fails': 'skipped',
  });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
});

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
