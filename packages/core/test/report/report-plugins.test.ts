import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acmeEntry, makeWorkspace, type TestWorkspace } from '../workspace.js';

/** A package with the plugins that REPORTS lists, named by their behaviour. */
const SOURCE = `
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
const ways = {
  async sound(run, folder) {
    await writeFile(join(folder, 'index.html'), JSON.stringify({ folder: run.folder, state: run.run.state, names: run.results.map((one) => one.name) }));
  },
  async throws(run, folder) {
    await writeFile(join(folder, 'half.html'), 'half');
    throw new Error('boom');
  },
  never: () => new Promise(() => {}),
  async nothing() {},
  async page(run, folder, signal, { skus }) {
    await writeFile(join(folder, 'report.html'), run.run.state + ' ' + skus.map(({ name }) => name).join());
    await writeFile(join(folder, 'other.txt'), 'dropped');
  },
  async elsewhere(run, folder) {
    await writeFile(join(folder, 'page.html'), 'not the file');
  },
  outside: async () => {},
  async changes(run) {
    run.results[0].name = 'other';
  },
};
const FILES = { page: { file: 'report.html' }, elsewhere: { file: 'report.htm' }, outside: { file: '../run.json' } };
export default (process.env.REPORTS ?? 'sound').split(' ').map((way) => ({
  kind: 'report', name: 'board-' + way, apiVersion: 2, write: ways[way], ...FILES[way],
}));
`;

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await makeWorkspace({
    'configs/sweepline.yaml': `plugins: ['@acme/sweepline-plugin', 'acme-board']\n`,
    'configs/acme.yaml': acmeEntry('one'),
    'node_modules/acme-board/package.json': JSON.stringify({ type: 'module', exports: './index.js' }),
    'node_modules/acme-board/index.js': SOURCE,
  });
});
afterEach(() => workspace[Symbol.asyncDispose]());

/** Runs the command with these plugins. */
const cli = (reports: string, ...args: readonly string[]) =>
  workspace.cli(args, { env: { REPORTS: reports, SWEEPLINE_PLUGIN_TIMEOUT_S: '6' } });
const sweep = (reports: string) => cli(reports, 'sweep', 'configs/acme.yaml', '--allow-invalid');

async function runFolder(): Promise<string> {
  const [run = ''] = await readdir(join(workspace.root, 'results'));
  return join(workspace.root, 'results', run);
}

describe('report plugins', () => {
  it('write their reports of a finished run, each in its folder; those that fail cost their own alone', async () => {
    const { exitCode, stderr } = await sweep('throws never nothing changes sound');

    const folder = await runFolder();
    expect(exitCode, stderr).toBe(0);
    const [result] = await workspace.results();
    expect(JSON.parse(await workspace.readRunFile('reports/board-sound/index.html'))).toEqual({
      folder,
      state: 'finished',
      names: [result?.name],
    });
    expect(await readdir(join(folder, 'reports'))).toEqual(['board-sound']);
    expect(stderr).toMatch(
      /warning: report board-throws failed: PLUGIN_THREW: report board-throws: write: boom/,
    );
    expect(stderr).toMatch(/warning: report board-never failed: PLUGIN_TIMEOUT/);
    expect(stderr).toMatch(/warning: report board-nothing failed: PLUGIN_INVALID: .*wrote no file/);
    expect(stderr).toMatch(/warning: report board-changes failed: PLUGIN_THREW: .*read only/);
    expect(stderr).toContain(`report:  ${join(folder, 'reports', 'board-sound')}`);
  });

  it('are called by `report`, for a run as it is now, into its folder or another', async () => {
    await sweep('sound');
    const folder = await runFolder();
    await workspace.write(`results/${folder.split('/').at(-1)!}/reports/board-sound/old.html`, 'old');

    const again = await cli('sound', 'report', '--format', 'board-sound');
    const elsewhere = await cli('sound', 'report', folder, '--format', 'board-sound', '--output', 'site');

    expect(again).toMatchObject({ exitCode: 0, stdout: '' });
    expect(await readdir(join(folder, 'reports', 'board-sound'))).toEqual(['index.html']);
    expect(elsewhere.exitCode, elsewhere.stderr).toBe(0);
    expect(await readdir(join(workspace.root, 'site'))).toEqual(['index.html']);
  });

  it('replace nothing that is not theirs', async () => {
    await sweep('sound');
    await workspace.write('site/mine.txt', 'mine');

    const { exitCode, stderr } = await cli('sound', 'report', '--format', 'board-sound', '--output', 'site');

    expect({ exitCode, stderr }).toEqual({
      exitCode: 5,
      stderr: expect.stringContaining('RESULT_WRITE_FAILED') as string,
    });
    expect(await readdir(join(workspace.root, 'site'))).toEqual(['mine.txt']);
    expect((await readdir(workspace.root)).filter((name) => name.startsWith('site'))).toEqual(['site']);
  });

  it('that fail when they are asked for fail the command, and leave no half a report', async () => {
    await sweep('sound');

    const { exitCode, stderr } = await cli('throws', 'report', '--format', 'board-throws');

    expect({ exitCode, stderr }).toEqual({
      exitCode: 4,
      stderr: expect.stringContaining('PLUGIN_THREW: report board-throws: write: boom') as string,
    });
    expect(existsSync(join(await runFolder(), 'reports', 'board-throws'))).toBe(false);
  });

  it('that are one file stand in the folder of the run, or where they are asked for, in the place of an older one', async () => {
    const { exitCode, stderr } = await sweep('page elsewhere');

    const folder = await runFolder();
    const file = join(folder, 'report.html');
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain(`report:  ${file}`);
    expect(stderr).toMatch(/report board-elsewhere failed: PLUGIN_INVALID: .*wrote no file report\.htm/);
    expect(await workspace.readRunFile('report.html')).toMatch(/^finished .*acme-x1/);
    expect((await readdir(folder)).filter((name) => /report|other|tmp/.test(name))).toEqual(['report.html']);

    await workspace.write('page.html', 'old');
    const again = await cli('page', 'report', '--format', 'board-page', '--output', 'page.html');
    expect(again.exitCode, again.stderr).toBe(0);
    expect(await readFile(join(workspace.root, 'page.html'), 'utf8')).toMatch(/^finished/);
  });

  it('may name no other file of the run', async () => {
    const { exitCode, stderr } = await sweep('outside');
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(/PLUGIN_INVALID.*file: expected report\. and an extension/) as string,
    });
  });

  it('that there are none of are told from those there are', async () => {
    await sweep('sound');

    const { exitCode, stdout, stderr } = await cli('sound', 'report', '--format', 'bord');

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/there is no report bord; reports: json, csv, markdown, board-sound/);
  });
});
