import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { acmeEntry, BUSY_MACHINE, makeWorkspace, SWEEPLINE_YAML } from '../workspace.js';

const BIN = fileURLToPath(new URL('../../bin/sweepline.js', import.meta.url));
const NO_NX = { NX_TASK_TARGET_TARGET: '', FORCE_COLOR: '', NO_COLOR: '' };

const makeSweep = (conc: readonly number[]) =>
  makeWorkspace({
    'configs/sweepline.yaml': `${SWEEPLINE_YAML}client: { limits: ${BUSY_MACHINE} }\n`,
    'configs/acme.yaml': acmeEntry('one', { conc, options: { args: ['--token-ms', '4'] } }),
  });

/** What a terminal of 80 columns gets of a command; undefined where this machine can't make one. */
async function onTerminal(cwd: string, args: string, env: Readonly<Record<string, string>> = {}) {
  const line = `stty cols 80 && '${process.execPath}' '${BIN}' ${args}`;
  const result = await execa('script', ['-qec', line, '/dev/null'], {
    cwd,
    env: { ...NO_NX, TERM: 'xterm', ...env },
    stdin: 'ignore',
    reject: false,
  });
  return (result.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT' ? undefined : result.stdout;
}

const hasTerminal = process.platform === 'linux' && (await onTerminal('.', '--version')) !== undefined;

describe.runIf(hasTerminal)('a sweep on a terminal', () => {
  it('is drawn in place and in colours, and ends with a table and a chart', async () => {
    await using workspace = await makeSweep([1, 2, 3]);
    const text = (await onTerminal(workspace.root, 'sweep')) ?? '';

    expect(text).toContain('\r\u001b[2K');
    expect(text).toContain('\u001b[32mcompleted\u001b[39m');
    expect(text).toMatch(/\[2\/3, \d+ s left\] /);
    expect(text).toMatch(/^Model one, HW acme-x1, Framework acme, Prec fp8, ISL\/OSL 20\/5, TP\/EP 1\/1\r$/m);
    expect(text).toContain('└──');
    expect(text).toContain('Numbers: concurrency.');
    expect(
      Math.max(
        ...text
          .split(/[\r\n]+/)
          .filter((line) => line.includes('─'))
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
  });

  it.each([
    ['NO_COLOR', { NO_COLOR: '1' }, /\u001b\[3\dm/],
    ['a dumb terminal', { TERM: 'dumb' }, /\u001b/],
  ])('has no colours with %s', async (_, env, escapes) => {
    await using workspace = await makeWorkspace();
    const text = await onTerminal(workspace.root, 'sweep no-such.yaml', env);

    expect(text).toContain('CONFIG_NOT_FOUND');
    expect(text).not.toMatch(escapes);
  });
});

describe('--quiet', () => {
  it('leaves the results, and nothing else', async () => {
    await using workspace = await makeSweep([1]);
    const { exitCode, stdout, stderr } = await workspace.cli(['sweep', '--quiet']);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Model +HW .*\none +acme-x1 .* completed/);
    expect(stdout).not.toContain('└');
  });

  it('says errors all the same', async () => {
    await using workspace = await makeWorkspace();
    const { exitCode, stderr } = await workspace.cli(['--quiet', 'sweep', 'no-such.yaml']);

    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^CONFIG_NOT_FOUND: /);
  });

  it('and --verbose are in the help of every command', async () => {
    await using workspace = await makeWorkspace();
    for (const args of [['--help'], ['sweep', '--help'], ['plugins', 'list', '--help']]) {
      const { stdout } = await workspace.cli(args);
      expect(stdout).toMatch(/^ +--verbose /m);
      expect(stdout).toMatch(/^ +--quiet /m);
    }
  });
});
