import { execa } from 'execa';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, vi } from 'vitest';
import { mountSmallDisk } from '../small-disk.js';
import { acmeEntry, makeWorkspace, type TestWorkspace } from '../workspace.js';

/** One job that ends, and one whose requests are never answered to their end. */
const ENDLESS = acmeEntry('first') + acmeEntry('endless', { options: { args: ['--hold-after', '0'] } });

/** Resolves when the command says such a line. */
async function untilSays(command: ReturnType<TestWorkspace['start']>, line: RegExp): Promise<void> {
  const lines = createInterface({ input: command.stderr });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (text) => line.test(text) && resolve());
    lines.on('close', () => reject(new Error(`the command ended without saying ${line}`)));
  });
}

async function serverPid(workspace: TestWorkspace): Promise<number> {
  for (const pid of await workspace.processes()) {
    if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('fake-server-main')) return pid;
  }
  throw new Error('no server runs');
}

describe('an interrupted sweep', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'stops the server, keeps what has finished and says where it is (%s)',
    async (signal) => {
      await using workspace = await makeWorkspace({ 'configs/acme.yaml': ENDLESS });
      const command = workspace.start(['sweep']);
      await untilSays(command, /^\[2\/2\].* loading$/);

      command.kill(signal);

      const { exitCode, stdout, stderr } = await command;
      expect(exitCode).toBe(130);
      expect(stderr).toContain(`results: ${join(workspace.root, 'results')}`);
      expect(stdout).toMatch(/^THIS RUN WAS INTERRUPTED: 1 of 2 points has ended\.\n/);
      expect((await workspace.readRunFile('summary.md')).split('\n')[2]).toMatch(
        /^\*\*THIS RUN WAS INTERRUPTED/,
      );
      expect((await workspace.results()).map(({ state }) => state)).toEqual(['completed', 'interrupted']);
      expect(JSON.parse(await workspace.readRunFile('run.json'))).toMatchObject({ state: 'interrupted' });
      expect(await workspace.processes()).toEqual([]);
    },
  );

  it('leaves no process behind when it is killed', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': ENDLESS });
    const command = workspace.start(['sweep']);
    await untilSays(command, /^\[2\/2\].* loading$/);

    command.kill('SIGKILL');

    await command;
    await vi.waitFor(async () => expect(await workspace.processes()).toEqual([]), { timeout: 20_000 });
    expect((await workspace.results()).map(({ state }) => state)).toEqual(['completed']);
    const report = await workspace.cli(['report']);
    const notice =
      /THIS RUN DID NOT FINISH, its process died .*: 1 of 2 points has ended\. Begun, without a result: endless_/;
    expect(report.exitCode).toBe(0);
    expect(report.stderr).toMatch(notice);
    expect(report.stdout.replaceAll('\\', '')).toMatch(notice);
  });

  it('goes on after a server that was killed', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': ENDLESS + acmeEntry('last'),
    });
    const command = workspace.start(['sweep']);
    await untilSays(command, /^\[2\/3\].* loading$/);

    process.kill(await serverPid(workspace), 'SIGKILL');

    const { exitCode, stdout } = await command;

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/SERVER_DIED.*server was killed by SIGKILL/);
    expect((await workspace.results()).map(({ state }) => state)).toEqual([
      'completed',
      'failed',
      'completed',
    ]);
    expect(await workspace.processes()).toEqual([]);
  });
});

describe('a full disk', () => {
  it('ends the sweep with what was saved before', async ({ skip }) => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': acmeEntry('first') + acmeEntry('large', { conc: [40] }) + acmeEntry('last'),
      'results/.keep': '',
    });
    const results = join(workspace.root, 'results');
    const problem = await mountSmallDisk(results, '160k');
    if (problem !== undefined) skip(problem);
    try {
      const { exitCode, stdout, stderr } = await workspace.cli(['sweep']);

      expect(exitCode).toBe(5);
      expect(stderr).toMatch(/RESULT_WRITE_FAILED: .*ENOSPC[^]*The disk is full/);
      expect(stderr).toContain(`results: ${results}`);
      expect(stdout).toMatch(/^first .*(completed|invalid)/m);
      expect((await workspace.results()).map(({ state }) => state)).toEqual(['completed']);
      expect(await workspace.processes()).toEqual([]);
    } finally {
      await execa('umount', [results]);
    }
  });
});

describe('results that can not be saved any more', () => {
  it('end the sweep with a report of those that were', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': acmeEntry('first') + acmeEntry('second'),
    });
    const command = workspace.start(['sweep']);
    await untilSays(command, /^\[1\/2\].* loading$/);
    const [run = ''] = await readdir(join(workspace.root, 'results'));
    // A file where the second point's folder is to come.
    await workspace.write(
      join(
        'results',
        run,
        'points',
        'second_20_5_fp8_acme_tp1-ep1-dpafalse_disagg-false_spec-none_conc2_acme-x1_87dadad45601',
      ),
      '',
    );

    const { exitCode, stdout } = await command;

    expect(exitCode).toBe(5);
    expect(stdout).toMatch(/^first .*(completed|invalid)/m);
    expect(JSON.parse(await workspace.readRunFile('run.json'))).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining("can't write results") as string,
    });
    expect(await workspace.readRunFile('summary.md')).toContain('first');
  });
});
