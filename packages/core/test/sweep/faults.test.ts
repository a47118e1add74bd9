import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '../../src/results/schema.js';
import { startFakeServer } from '../../src/testing/index.js';
import type { CliOutcome } from '../../src/testing/workspace.js';
import { acmeEntry, makeWorkspace, SWEEPLINE_YAML } from '../workspace.js';

interface Fault {
  readonly title: string;
  readonly options: object;
  readonly code: string;
  readonly message: RegExp;
}

const FAULTS: readonly Fault[] = [
  {
    title: 'a server that ends at once',
    options: { args: ['--exit-with', '7'] },
    code: 'SERVER_DIED',
    message: /server exited with code 7/,
  },
  {
    title: 'a server in Node that throws, whose last line is its version',
    options: { args: ['--nonsense'] },
    code: 'SERVER_DIED',
    message: /server exited with code 1: TypeError.*Unknown option '--nonsense'/,
  },
  {
    title: 'a server that never gets ready',
    options: { args: ['--never-ready'], 'ready-timeout-s': 5 },
    code: 'SERVER_NOT_READY',
    message: /not ready within 5 s .*answered 503/,
  },
  {
    title: 'a program that is not there',
    options: { program: '/nowhere/acme-server' },
    code: 'SERVER_SPAWN_FAILED',
    message: /acme-server/,
  },
  {
    title: 'a server that dies in mid-run',
    options: { args: ['--die-after', '9'] },
    code: 'SERVER_DIED',
    message: /server exited with code 1: .*dies after 9 requests/,
  },
  {
    title: 'malformed streams',
    options: { args: ['--fault', 'malformed-chunk', '--fault-from', '7'] },
    code: 'REQUEST_FAILED',
    message: /requests failed; the first: malformed/,
  },
  {
    title: 'truncated streams',
    options: { args: ['--fault', 'truncated-stream', '--fault-from', '7'] },
    code: 'REQUEST_FAILED',
    message: /requests failed; the first: truncated/,
  },
];

describe('jobs that fail in one sweep', () => {
  let results: readonly Result[];
  let ended: CliOutcome & { readonly left: readonly number[] };

  beforeAll(async () => {
    const broken = FAULTS.map(({ options }, index) => acmeEntry(`broken-${index}`, { options }));
    const entries = [acmeEntry('first'), ...broken, acmeEntry('last')];
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': entries.join('') });
    const outcome = await workspace.cli(['sweep']);
    results = await workspace.results();
    ended = { ...outcome, left: await workspace.processes() };
  }, 180_000);

  it('leave the others alone, and no process', () => {
    expect(ended).toMatchObject({ exitCode: 1, left: [] });
    expect(results.map(({ state }) => state)).toEqual([
      'completed',
      ...FAULTS.map(() => 'failed'),
      'completed',
    ]);
  });

  it.each(FAULTS.map((fault, index) => ({ ...fault, prefix: `broken-${index}` })))(
    'are kept apart: $title',
    ({ prefix, code, message }) => {
      const failed = results.find(({ job }) => job['model-prefix'] === prefix);
      if (failed?.state !== 'failed') throw new Error(`not failed: ${ended.stderr}`);
      expect(failed.error.code).toBe(code);
      expect(failed.error.message).toMatch(message);
      expect(ended.stdout).toContain(code);
    },
  );
});

describe('a job that fails', () => {
  it('keeps what was measured where a launcher removes the folder that it was given', async () => {
    const core = new URL('../../dist/', import.meta.url);
    await using workspace = await makeWorkspace({
      'configs/sweepline.yaml': `${SWEEPLINE_YAML.replace(']', ", '../removing.js']")}runners: { acme-x1: { sku: acme-x1, launcher: removing } }\n`,
      'removing.js': `import { rm } from 'node:fs/promises';
        import { createLocalLauncher } from '${new URL('launch/launchers/local.js', core).href}';
        const local = createLocalLauncher(console);
        export default [{ ...local, name: 'removing', async acquire(request, signal) {
          const lease = await local.acquire(request, signal);
          return { ...lease, async [Symbol.asyncDispose]() {
            await lease[Symbol.asyncDispose]();
            await rm(request.localDir, { recursive: true });
          } };
        } }];`,
      'package.json': '{ "type": "module" }',
      'configs/acme.yaml': acmeEntry('one') + acmeEntry('two'),
    });

    const { stderr } = await workspace.cli(['sweep']);

    expect(stderr).not.toMatch(/removing/);
    const results = await workspace.results();
    expect(results.map(({ state }) => state)).toEqual(['completed', 'completed']);
    for (const { name } of results) {
      expect((await workspace.records(name)).requests).toHaveLength(20);
      expect(await workspace.readRunFile(`server_logs_${name}/server.log`)).toContain(
        'fake-server listening',
      );
    }
  });

  it('is none where the log of a server is gone at the end, which the result says', async () => {
    await using workspace = await makeWorkspace({
      'forgetful.sh': `#!/bin/sh\nrm logs/server-0-0.log\nexec '${process.execPath}' "$@"\n`,
    });
    const program = join(workspace.root, 'forgetful.sh');
    await chmod(program, 0o755);
    await workspace.write('configs/acme.yaml', acmeEntry('one', { options: { program } }));

    await workspace.cli(['sweep']);

    const [result] = await workspace.results();
    expect(result).toMatchObject({
      state: 'completed',
      marks: expect.arrayContaining([
        {
          code: 'log-unreadable',
          severity: 'note',
          message: expect.stringMatching(/^logs\/server-0-0\.log could not be read: .*ENOENT/) as string,
        },
      ]) as unknown,
    });
    expect(await workspace.processes()).toEqual([]);
  });

  it('names a port in use, before anything is started', async () => {
    await using other = await startFakeServer();
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': acmeEntry('taken', { options: { port: other.port } }),
    });

    const { exitCode, stdout } = await workspace.cli(['sweep']);

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(new RegExp(`SERVER_PORT_IN_USE.*port ${other.port}`));
    expect(other.stats.requests).toBe(0);
  });

  it('of a scenario that no load is known for is told before its server is started', async () => {
    const entry = acmeEntry('agent').replace('runner: acme-x1', 'runner: cluster:acme');
    const agentic = `  scenarios:
    agentic-coding:
      - { search-space: [{ tp: 1, kv-offloading: none, conc-list: [2] }] }
`;
    await using workspace = await makeWorkspace({
      'configs/sweepline.yaml': `${SWEEPLINE_YAML}runners: { 'cluster:acme': { sku: acme-x1 } }\n`,
      'configs/acme.yaml': entry.replace(/ {2}seq-len-configs:\n.*\n/, agentic),
    });

    const { exitCode, stdout, stderr } = await workspace.cli(['sweep']);

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
    expect(stdout).toContain("PLAN_UNSUPPORTED: scenario agentic-coding can't be loaded yet");
    const files = await readdir(join(workspace.root, 'results'), { recursive: true });
    expect(files.filter((file) => file.endsWith('.log'))).toEqual([]);
  });

  it('is rejected with the nearest choice when the plugin can not run it', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': acmeEntry('wide').replace('tp: 1', 'tp: 2'),
    });

    const { exitCode, stdout } = await workspace.cli(['sweep']);

    expect(exitCode).toBe(1);
    expect(stdout).toContain('JOB_REJECTED: acme has one device');
  });
});
