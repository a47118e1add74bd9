// @ts-check
/** A night without GitHub: what `sweepline ci init --for cron` writes, in a clone whose path a shell could misread. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

const CORE = join(import.meta.dirname, '../../packages/core/bin/sweepline.js');

/**
 * @param {string} origin folder of the repository @param {string} folder for the clone
 * @param {() => void} change adds an entry to the changelog of the repository's main branch
 * @param {(isTrue: boolean, what: string, found?: unknown) => void} expect
 */
export async function rehearseNight(origin, folder, change, expect) {
  const clone = join(folder, `it's $HOME, "100%"`);
  execFileSync('git', ['clone', '--quiet', '--branch', 'main', origin, clone]);
  // In place of `npm ci`.
  mkdirSync(join(clone, 'node_modules/.bin'), { recursive: true });
  for (const name of readdirSync(join(origin, 'node_modules')))
    if (name.startsWith('@'))
      symlinkSync(join(origin, 'node_modules', name), join(clone, 'node_modules', name));
  symlinkSync(CORE, join(clone, 'node_modules/.bin/sweepline'));
  execFileSync(process.execPath, [CORE, 'ci', 'init', '--for', 'cron'], { cwd: clone, stdio: 'ignore' });
  // A crontab's line is what follows the time, with \% as %.
  const line = readFileSync(join(clone, 'ci/crontab'), 'utf8').split('\n')[1] ?? '';
  const command = line.split('  ').slice(1).join('  ').replaceAll('\\%', '%');
  const night = () =>
    execa('/bin/sh', ['-c', command], {
      reject: false,
      all: true,
      cwd: '/',
      extendEnv: false,
      env: { PATH: '/usr/bin:/bin', HOME: process.env['HOME'] ?? '/' },
    });

  const first = await night();
  expect(
    first.exitCode === 0 && !existsSync(join(clone, 'results')),
    'the first night sets its tag alone',
    first.all,
  );
  change();
  const second = await night();
  expect(second.exitCode === 0, 'the second night sweeps what was added, and is green', second.all);
  const [run = ''] = existsSync(join(clone, 'results'))
    ? readdirSync(join(clone, 'results')).filter((name) => name.startsWith('night-'))
    : [];
  expect(
    run !== '' && existsSync(join(clone, 'ci/dashboard/index.html')),
    'it leaves a joined run and the dashboard',
    second.all,
  );
  const tag = execFileSync('git', ['rev-parse', 'nightly^{commit}'], { cwd: clone, encoding: 'utf8' });
  expect(
    tag === execFileSync('git', ['rev-parse', 'HEAD'], { cwd: clone, encoding: 'utf8' }),
    'its tag has moved on',
  );
  const third = await night();
  expect(third.exitCode === 0 && third.all === '', 'a night without a change does nothing', third.all);
}
