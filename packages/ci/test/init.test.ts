import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cronFiles, systemdFiles } from '../src/init/local.js';
import { cronText, shellWord, systemdWord } from '../src/init/quote.js';
import { contextIn, ci } from './context.js';
import { templates } from './templates.js';

let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'sweepline-ci-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

const init = (...args: readonly string[]) => ci(contextIn(root), 'init', ...args);

describe('sweepline ci init', () => {
  it('writes the workflows, and again without a change', async () => {
    expect((await init()).exitCode).toBe(0);
    expect((await readdir(join(root, '.github/workflows'))).sort()).toEqual(
      templates.map(({ name }) => name),
    );
    expect(await init()).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('sweep.yml (as it was)') as string,
    });
  });

  it('overwrites nothing that was changed, and writes all or nothing', async () => {
    const file = join(root, '.github/workflows/sweep.yml');
    await mkdir(join(root, '.github/workflows'), { recursive: true });
    await writeFile(file, 'mine');

    const refused = await init();
    expect(refused.said).toMatch(/sweep\.yml: there already, with another content; nothing was written/);
    expect([await readdir(join(root, '.github/workflows')), await readFile(file, 'utf8')]).toEqual([
      ['sweep.yml'],
      'mine',
    ]);
    expect((await init('--force')).exitCode).toBe(0);
    expect(await readFile(file, 'utf8')).toContain('name: sweep');
  });

  it('leaves everything as it was if a file can not be written', async () => {
    await mkdir(join(root, '.github/workflows/sweep.yml'), { recursive: true });
    expect((await init('--force')).said).toMatch(/sweep\.yml is not what it is to be: nothing was written/);
    expect(await readdir(join(root, '.github/workflows'))).toEqual(['sweep.yml']);
  });

  it('follows no link out of the workspace', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'sweepline-ci-'));
    await symlink(elsewhere, join(root, '.github'));
    expect((await init('--force')).said).toMatch(/\.github is not what it is to be/);
    expect(await readdir(elsewhere)).toEqual([]);
    await rm(elsewhere, { recursive: true });
  });

  it('shows what it would write', async () => {
    const { exitCode, stdout } = await init('--dry-run', '--for', 'cron');
    expect([exitCode, await readdir(root)]).toEqual([0, []]);
    expect(stdout).toMatch(/^# ci\/nightly\.sh \(new\)\n#!\/bin\/sh\n/);
  });

  it('writes a script that a shell reads, and that can be run', async () => {
    expect((await init('--for', 'systemd', '--user', 'bench', '--at', '02:30')).exitCode).toBe(0);
    const script = join(root, 'ci/nightly.sh');
    expect((await stat(script)).mode & 0o111).toBe(0o111);
    expect(() => execFileSync('sh', ['-n', script])).not.toThrow();
    expect(await readFile(join(root, 'ci/sweepline-nightly.timer'), 'utf8')).toContain(
      'OnCalendar=*-*-* 02:30\n',
    );
  });

  it.each([
    [['--for', 'jenkins'], 2, /Allowed choices/],
    [['--for', 'cron', '--at', '25:00'], 99, /25:00 is no time of a day/],
    [['--for', 'cron', '--at', '1:15\n* * * * * x'], 99, /no time of a day/],
    [['--for', 'systemd', '--user', 'a b'], 99, /no name of a user/],
  ])('refuses %j', async (args, exitCode, said) => {
    const refused = await init(...args);
    expect([refused.exitCode, await readdir(root)]).toEqual([exitCode, []]);
    expect(refused.said).toMatch(said);
  });
});

const PATHS = [
  '/srv/sweeps',
  "/srv/it's here",
  '/srv/a "b"',
  '/srv/$HOME/`id`',
  '/srv/100%',
  '/srv/ä b\\c',
  '/srv/-x; y',
  '/srv/#x',
];

describe('paths in files of cron and systemd', () => {
  it.each(PATHS)('%s is one word of a shell', (path) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(path)}`], { encoding: 'utf8' })).toBe(path);
  });

  it.each(PATHS)('%s is the same after cron has read it', (path) => {
    const [, crontab] = cronFiles({ root: path, node: '/usr/bin/node', at: '01:15', user: 'bench' });
    const line = crontab?.content.split('\n')[1] ?? '';
    expect(line).toMatch(/^15 01 \* \* \* {2}flock /);
    expect(line).not.toMatch(/(?<!\\)%/);
    // cron gives a shell what follows the time, with \% as %.
    const command = line
      .split('  ')
      .slice(1)
      .join('  ')
      .replaceAll('\\%', '%')
      .replace(/^flock/, String.raw`printf '%s\n'`);
    expect(execFileSync('sh', ['-c', command], { encoding: 'utf8' }).trim().split('\n')).toEqual([
      '--nonblock',
      `${path}/.git/sweepline-nightly.lock`,
      `${path}/ci/nightly.sh`,
    ]);
  });

  it.each(PATHS)('%s is one word of systemd', (path) => {
    expect(unquoted(systemdWord(path))).toBe(path);
  });

  it.each(['/srv/a\nExecStart=/bin/evil', '/srv/\u0000', '/srv/\u001b[2J'])('refuses %j', (path) => {
    const options = { root: path, node: '/usr/bin/node', at: '01:15', user: 'bench' };
    expect(() => cronFiles(options)).toThrow(/can't be written/);
    expect(() => systemdFiles(options)).toThrow(/can't be written/);
  });

  it('keeps % of a shell for cron alone', () => {
    expect(cronText('a%b')).toBe('a\\%b');
  });
});

/** What systemd makes of a word: systemd.syntax(7), "Quoting", then specifiers and variables. */
function unquoted(word: string): string {
  const inner = word.startsWith('"') ? word.slice(1, -1).replaceAll(/\\(.)/g, '$1') : word;
  expect(word.startsWith('"') || !/[\s"'\\;]/.test(word)).toBe(true);
  expect(inner.replaceAll('%%', '').replaceAll('$$', () => '')).not.toMatch(/[%$]/);
  return inner.replaceAll('%%', '%').replaceAll('$$', () => '$');
}
