import { expect, it } from 'vitest';
import { startFakeServer } from '../../src/testing/index.js';
import { acmeEntry, makeWorkspace, SWEEPLINE_YAML } from '../workspace.js';

// No client is fast enough for these.
const LIMITS = 'client: { limits: { lag-floor-ms: 0, lag-share-of-ttft: 0.000001 } }\n';

it('a sweep with an invalid result ends with 6, with 0 where that is allowed, and with 1 where one failed', async () => {
  await using workspace = await makeWorkspace({
    'configs/sweepline.yaml': SWEEPLINE_YAML + LIMITS,
    'configs/acme.yaml': acmeEntry('one'),
    'configs/failing.yaml': acmeEntry('two') + acmeEntry('three', { options: { program: '/none' } }),
  });

  const invalid = await workspace.cli(['sweep']);
  expect(invalid.exitCode).toBe(6);
  expect(invalid.stdout).toMatch(/^one .*invalid: slow-client/m);
  expect(invalid.stderr).toMatch(/^\[1\/1\] one_.* {2}INVALID \(slow-client/m);
  expect((await workspace.cli(['sweep', '--allow-invalid'])).exitCode).toBe(0);
  expect((await workspace.cli(['sweep', 'configs/failing.yaml'])).exitCode).toBe(1);
});

it('a bench whose result is invalid says so before its numbers and in its file, and ends with 6', async () => {
  await using server = await startFakeServer();
  await using workspace = await makeWorkspace();
  const args = [
    ...['bench', '--base-url', server.url, '--model', 'fake-model', '--num-prompts', '10'],
    ...['--client-limits', 'lag-floor-ms=0', 'lag-share-of-ttft=0.000001', '--save-result'],
    ...['--result-filename', 'F.json'],
  ];

  const { exitCode, stdout, stderr } = await workspace.cli(args);

  expect(exitCode).toBe(6);
  expect(stdout).toMatch(/^INVALID \(.*slow-client.*\): do not compare these numbers\n\nSuccessful requests/);
  expect(stderr).toMatch(/^INVALID slow-client: /m);
  expect(JSON.parse(await workspace.read('F.json'))).toMatchObject({
    sweepline: {
      valid: false,
      marks: expect.arrayContaining([
        expect.objectContaining({ code: 'slow-client', severity: 'invalid' }),
      ]) as unknown,
    },
  });
  expect((await workspace.cli([...args, '--allow-invalid'])).exitCode).toBe(0);
});
