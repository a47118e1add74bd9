import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { acmeEntry, makeWorkspace } from '../workspace.js';

const MANIFEST = fileURLToPath(new URL('../../package.json', import.meta.url));

describe('sweepline', () => {
  it('prints its version and nothing else', async () => {
    await using workspace = await makeWorkspace();
    const { version } = JSON.parse(await readFile(MANIFEST, 'utf8')) as { version: string };

    expect(await workspace.cli(['--version'])).toEqual({ exitCode: 0, stdout: version, stderr: '' });
  });

  it('has help with examples for every command, and the exit codes', async () => {
    await using workspace = await makeWorkspace();

    const { exitCode, stdout } = await workspace.cli(['--help']);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Exit codes:\n\s+0 /);
    for (const command of [
      'sweep',
      'matrix',
      'changelog',
      'validate',
      'plan',
      'bench',
      'report',
      'plugins',
      'load',
    ]) {
      const help = await workspace.cli([command, '--help']);
      expect(help.exitCode).toBe(0);
      expect(help.stdout).toContain(
        `Examples:\n  ${command === 'sweep' ? 'sweepline sweep' : `sweepline ${command}`}`,
      );
    }
  });

  it.each([[['swep']], [['sweep', '--max-conc', 'many']], [['bench', '--port', 'many']], [[]]])(
    'refuses wrong usage with exit code 2 and nothing on stdout: %j',
    async (args) => {
      await using workspace = await makeWorkspace();

      const { exitCode, stdout, stderr } = await workspace.cli(args);

      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).not.toBe('');
    },
  );

  it('finds the workspace from any folder below it', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': acmeEntry('one', { conc: [1, 2] }),
      'some/where/file.txt': '',
    });

    const { exitCode, stdout, stderr } = await workspace.cli(['matrix'], { cwd: 'some/where' });

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect((JSON.parse(stdout) as { conc: number }[]).map(({ conc }) => conc)).toEqual([1, 2]);
  });

  it('prints plans as data, without starting anything', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('one') });

    const { stdout } = await workspace.cli(['plan', '--json', '--port', '9999']);

    const [plan] = JSON.parse(stdout) as { job: object; processes: { argv: string[] }[] }[];
    expect(plan).toMatchObject({
      job: { model: 'fake-model', conc: 2 },
      readiness: [{ role: 'server', path: '/health', timeoutS: 30 }],
      endpoint: { baseUrl: 'http://{host:server:0}:9999' },
      client: { numPrompts: 20, numWarmups: 4, concurrency: 2, inputLen: 20, outputLen: 5, ignoreEos: true },
    });
    expect(plan?.processes[0]?.argv).toContain('9999');
  });

  it('ends quietly when its reader has read enough', async () => {
    const concurrencies = Array.from({ length: 400 }, (_, index) => index + 1);
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': acmeEntry('one', { conc: concurrencies }),
    });
    const command = workspace.start(['matrix']);

    command.stdout.once('data', () => command.stdout.destroy());

    expect(await command).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('says where it looked when there is no workspace', async () => {
    await using workspace = await makeWorkspace();

    const { exitCode, stderr } = await workspace.cli(['plugins', 'list'], { cwd: '..' });

    expect(exitCode).toBe(3);
    expect(stderr).toContain(`CONFIG_NOT_FOUND: no ${join('configs', 'sweepline.yaml')}`);
  });
});
