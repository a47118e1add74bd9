import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatError, SweeplineError, toSweeplineError } from '../../src/errors.js';
import { printable } from '../../src/printable.js';
import { runCli } from '../run-cli.js';
import { acmeEntry, makeWorkspace } from '../workspace.js';

const CONTROLS = /[\0-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

describe('a message', () => {
  it('names a file once, and says why it can not be read in words', async () => {
    await using workspace = await makeWorkspace();
    await mkdir(join(workspace.root, 'records.d'));
    await writeFile(join(workspace.root, 'package.json'), '{\n  "name": "x"\n}\n');
    const recompute = (file: string) => runCli(['metrics', 'recompute', file], workspace.root);

    for (const [file, why] of [
      ['none.jsonl', 'there is no such file'],
      ['records.d', 'it is a folder'],
      ['package.json', 'this is not a records file'],
    ] as const) {
      const { exitCode, stderr } = await recompute(file);
      expect(exitCode).toBe(5);
      expect(stderr.split(file)).toHaveLength(2);
      expect(stderr).toContain(why);
      expect(stderr).not.toContain('✖');
    }
    const missing = await runCli(['validate', '/none.yaml'], workspace.root);
    expect(missing.stdout).toContain("can't read /none.yaml: there is no such file");
    const planned = await runCli(['plan', '/none.yaml'], workspace.root);
    expect(planned.stderr.match(/none\.yaml/g)).toHaveLength(1);
  });

  it('of a limit of the machine names the limit, and is no defect', () => {
    const files = toSweeplineError(
      Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' }),
      'INTERNAL',
    );
    const memory = toSweeplineError(new RangeError('WebAssembly.instantiate(): Out of memory'), 'INTERNAL');

    expect(files).toMatchObject({ code: 'LIMIT_REACHED', exitCode: 5 });
    expect(formatError(files)).toContain('ulimit -n');
    expect(memory).toMatchObject({ code: 'LIMIT_REACHED', exitCode: 5 });
    expect(toSweeplineError(new RangeError('Invalid array length'), 'INTERNAL').code).toBe('INTERNAL');
  });

  it('moves no cursor and is no workflow command, whatever it quotes', () => {
    const text = formatError(
      new SweeplineError('JOB_FAILED', 'fatal \u001b]0;title\u0007\n::error::a\n##[error]b \u202e', {
        where: { file: 'a\n::warning::b' },
        hint: '\n::stop-commands::x',
      }),
    );

    expect(text).not.toMatch(CONTROLS);
    expect(text).not.toMatch(/^\s*::|##\[/m);
    expect(printable('a\tb\nc')).toBe('a\tb\nc');
  });

  it('of validate neither, from keys and lines of a config', async () => {
    const evil = acmeEntry('one').replace('precision:', '"\\n::error::pwned\\u001b[2J":');
    await using workspace = await makeWorkspace({
      'a.yaml': evil,
      'b.yaml': acmeEntry('two').replace('fp8', 'fp8 # \u202e'),
    });

    for (const interactive of [false, true]) {
      const { stdout } = await runCli(['validate', 'a.yaml', 'b.yaml'], workspace.root, interactive);
      expect(stdout).toContain('pwned');
      expect(stdout).not.toMatch(CONTROLS);
      expect(stdout).not.toMatch(/^\s*::/m);
    }
    const { stdout } = await runCli(['validate', 'a.yaml', '--format', 'github'], workspace.root);
    for (const line of stdout.trim().split('\n')) expect(line).toMatch(/^::error file=a\.yaml/);
    expect(stdout).not.toMatch(CONTROLS);
  });

  it('of a golden server lists its keys', async () => {
    await using workspace = await makeWorkspace();
    const { exitCode, stderr } = await runCli(['golden-server', '{"ttft":3}'], workspace.root);

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/unknown field "ttft".*Keys: ttftMs, itlMs, /);
  });
});
