import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { describe, expect, it, vi } from 'vitest';
import type { Result } from '../../src/results/schema.js';
import { readJournal } from '../../src/schedule/journal.js';
import { sessionStates } from '../hostile.js';
import { mountSmallDisk } from '../small-disk.js';
import { acmeEntry, makeWorkspace, type TestWorkspace } from '../workspace.js';

const [FIRST, LAST] = [acmeEntry('first'), acmeEntry('last')];
/** Its answers come late enough to be stopped before. */
const SLOW = acmeEntry('slow', { options: { args: ['--hold-after', '4', '--hold-for-ms', '2500'] } });
const FAILING = acmeEntry('failing', { options: { args: ['--exit-with', '7'] } });

async function runFolder(workspace: TestWorkspace): Promise<string> {
  const name = (await readdir(join(workspace.root, 'results'))).find((one) => /^\d/.test(one)) ?? '';
  return join(workspace.root, 'results', name);
}

/** Ends a sweep by a signal while the load of its second point runs. */
async function endedEarly(workspace: TestWorkspace, signal: NodeJS.Signals): Promise<string> {
  const command = workspace.start(['sweep']);
  const lines = createInterface({ input: command.stderr });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => /^\[2\/\d\].* loading$/.test(line) && resolve());
    lines.on('close', () => reject(new Error('the second point was never loaded')));
  });
  command.kill(signal);
  await command;
  await vi.waitFor(async () => expect(await workspace.processes()).toEqual([]), { timeout: 20_000 });
  return runFolder(workspace);
}

const resume = async (workspace: TestWorkspace, ...more: readonly string[]) =>
  workspace.cli(['sweep', '--resume', await runFolder(workspace), '--allow-invalid', ...more]);

const statesOf = (results: readonly Result[]): readonly string[] =>
  results.map(({ job, state }) => `${String(job['model-prefix'])} ${state}`);

async function folderOf(workspace: TestWorkspace, prefix: string): Promise<string> {
  const points = join(await runFolder(workspace), 'points');
  const name = (await readdir(points)).find((one) => one.startsWith(prefix));
  return join(points, name ?? '');
}

describe('a sweep that was ended early', () => {
  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'by %s goes on with what is left: every point has one result, and none is measured twice',
    async (signal) => {
      await using workspace = await makeWorkspace({ 'configs/acme.yaml': FIRST + SLOW + LAST });
      const run = await endedEarly(workspace, signal);
      const first = await readFile(join(await folderOf(workspace, 'first'), 'result.json'), 'utf8');

      const { exitCode, stderr } = await resume(workspace);

      expect(stderr).toContain('1 point of 3 stay as they are');
      expect(exitCode).toBe(0);
      expect(statesOf(await workspace.results())).toEqual([
        'first completed',
        'slow completed',
        'last completed',
      ]);
      expect(await readFile(join(await folderOf(workspace, 'first'), 'result.json'), 'utf8')).toBe(first);
      expect(JSON.parse(await workspace.readRunFile('run.json'))).toMatchObject({
        state: 'finished',
        points: 3,
        resumedAt: [expect.any(String)],
      });
      const { entries } = await readJournal(run);
      const ended = entries.flatMap((entry) =>
        entry.type === 'point-ended' && entry.state === 'completed' ? [entry.name.split('_')[0]] : [],
      );
      expect(ended).toEqual(['first', 'slow', 'last']);
      expect(new Set(await sessionStates(workspace))).toEqual(new Set(['ended']));
      expect((await workspace.readRunFile('results.ndjson')).trim().split('\n')).toHaveLength(3);
      expect((await readdir(run)).filter((name) => name.startsWith('lock-'))).toEqual([]);
    },
  );

  it('says what has changed in the configs, measures what is new, and nothing that they have no more', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': FIRST + SLOW + LAST });
    await endedEarly(workspace, 'SIGTERM');
    await workspace.write('configs/acme.yaml', FIRST + acmeEntry('new'));

    const { exitCode, stderr } = await resume(workspace);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/1 point that the configs have now, and are measured too: new_/);
    expect(stderr).toMatch(/1 point that the configs have no more, and are not measured: last_/);
    expect(statesOf(await workspace.results())).toEqual([
      'first completed',
      'slow interrupted',
      'new completed',
    ]);
  });
});

describe('a sweep that met a full disk', () => {
  it('goes on once there is room', async ({ skip }) => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': FIRST + acmeEntry('large', { conc: [40] }) + LAST,
      'results/.keep': '',
    });
    const results = join(workspace.root, 'results');
    const problem = await mountSmallDisk(results, '160k');
    if (problem !== undefined) skip(problem);
    try {
      expect((await workspace.cli(['sweep', '--allow-invalid'])).exitCode).toBe(5);
      expect(statesOf(await workspace.results())).toEqual(['first completed']);
      await execa('mount', ['-o', 'remount,size=8m', results]);

      expect((await resume(workspace)).exitCode).toBe(0);

      expect(statesOf(await workspace.results())).toEqual([
        'first completed',
        'large completed',
        'last completed',
      ]);
    } finally {
      await execa('umount', [results]);
    }
  });
});

describe('a run that has finished', () => {
  it('keeps its failed points, unless they are to be measured again; then the earlier result is put aside', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': FIRST + FAILING });
    await workspace.cli(['sweep', '--allow-invalid']);
    const before = statesOf(await workspace.results());
    expect(before).toEqual(['first completed', 'failing failed']);
    const [first, failing] = await workspace.results();

    expect((await resume(workspace)).stderr).toContain('2 points of 2 stay as they are');
    expect(await workspace.results()).toEqual([first, failing]);

    const { exitCode } = await resume(workspace, '--again', 'failed');

    expect(exitCode).toBe(1);
    const [stillFirst, again] = await workspace.results();
    expect(stillFirst).toEqual(first);
    expect(again?.startedAt).not.toBe(failing?.startedAt);
    const aside = await readFile(await replacedBy(workspace, failing!.name), 'utf8');
    expect(JSON.parse(aside)).toEqual(failing);
  });

  it('is mended although its logs were removed, and a result that can not be read is measured again', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': FIRST + LAST });
    await workspace.cli(['sweep', '--allow-invalid']);
    const [first, last] = await workspace.results();
    const run = await runFolder(workspace);
    await rm(join(run, 'points', first!.name, 'logs'), { recursive: true });
    await rm(join(run, `server_logs_${first!.name}`), { recursive: true });
    await writeFile(join(run, 'points', last!.name, 'result.json'), '{"schema":');

    const { exitCode, stderr } = await resume(workspace);

    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/not a result: RESULT_READ_FAILED/);
    const results = await workspace.results();
    expect(statesOf(results)).toEqual(['first completed', 'last completed']);
    expect(results[0]).toEqual(first);
    expect(results[1]?.startedAt).not.toBe(last?.startedAt);
  });

  it('of which a result has not got its place is mended, without measuring', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': FIRST });
    await workspace.cli(['sweep', '--allow-invalid']);
    const [result] = await workspace.results();
    const run = await runFolder(workspace);
    const { name } = result!;
    await rename(join(run, 'points', name), join(run, 'points', `.running-${name}`));
    await rm(join(run, `server_logs_${name}`), { recursive: true });
    await rm(join(run, 'results.ndjson'));

    expect((await resume(workspace)).exitCode).toBe(0);

    expect(await workspace.results()).toEqual([result]);
    expect(await readdir(run)).toEqual(expect.arrayContaining([`server_logs_${name}`, 'results.ndjson']));
  });

  it('is resumed with the options of its beginning alone, by its name too', async () => {
    await using workspace = await makeWorkspace({
      'configs/acme.yaml': acmeEntry('two', { conc: [1, 2] }),
    });
    await workspace.cli(['sweep', '--max-conc', '1', '--allow-invalid']);
    const run = await runFolder(workspace);
    const name = run.split('/').at(-1)!;

    const refused = await workspace.cli(['sweep', 'configs/acme.yaml', '--resume', name]);
    const resumed = await workspace.cli(['sweep', '--resume', name, '--allow-invalid']);

    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('begun with') as string });
    expect(resumed.stderr).toContain('1 point of 1 stay as they are');
    const alone = await workspace.cli(['sweep', '--again', 'failed']);
    expect(alone).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--resume') as string });
  });
});

describe('a run that is being measured', () => {
  it('is not resumed; its standing is shown, and it can be stopped', async () => {
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': FIRST + SLOW + LAST });
    const command = workspace.start(['sweep']);
    const lines = createInterface({ input: command.stderr });
    await new Promise<void>((resolve) =>
      lines.on('line', (line) => /^\[2\/3\].* loading$/.test(line) && resolve()),
    );
    const run = await runFolder(workspace);
    const name = run.split('/').at(-1)!;

    const busy = await resume(workspace);
    const status = await workspace.cli(['status', name]);
    const stopped = await workspace.cli(['stop', name]);

    expect(busy).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('RUN_BUSY') as string });
    expect(status.stdout).toMatch(/it is being measured, by process \d+/);
    expect(status.stdout).toMatch(/3 points: 1 completed.*, 0 failed, 2 left\nbegun: slow_/);
    // Some seconds old.
    expect(status.stdout).toMatch(/this machine: \d of 1 nodes taken, \d sessions? running, \d waiting/);
    expect(status.stdout).toMatch(/session [0-9a-f]{32} on acme-x1 \(local\): local:\d+/);
    expect(stopped).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('interrupted') as string });
    expect((await command).exitCode).toBe(130);
    const runs = await workspace.cli(['runs', '--json']);
    expect(JSON.parse(runs.stdout)).toMatchObject([
      { name, standing: 'interrupted', points: { all: 3, completed: 1, failed: 0, left: 2 } },
    ]);
    expect((await workspace.cli(['runs'])).stdout).toMatch(new RegExp(`${name} +interrupted +3 +1`));
  });
});

async function replacedBy(workspace: TestWorkspace, name: string): Promise<string> {
  return join(await runFolder(workspace), 'points', `.replaced-1-${name}`, 'result.json');
}
