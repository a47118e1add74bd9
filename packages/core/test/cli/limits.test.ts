import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { acmeEntry, makeWorkspace } from '../workspace.js';

const BIN = fileURLToPath(new URL('../../bin/sweepline.js', import.meta.url));
const BENCH = ['bench', '--model', 'm', '--base-url', 'http://127.0.0.1:1'];

/** The command under a limit, as `ulimit` takes it. */
async function limited(limit: string, args: readonly string[]) {
  await using workspace = await makeWorkspace({ 'configs/acme.yaml': acmeEntry('one') });
  const shell = ['-c', `ulimit ${limit}; exec "$@"`, 'sh', process.execPath, BIN, ...args];
  const ended = await execa('sh', shell, { cwd: workspace.root, reject: false, stdin: 'ignore' });
  expect(await workspace.processes()).toEqual([]);
  return ended;
}

describe.runIf(process.platform === 'linux')('a limit of the shell', () => {
  it.each([[['validate']], [['sweep']], [BENCH]])('on open files is named: %j', async (args) => {
    const { exitCode, stdout, stderr } = await limited('-n 64', args);

    expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' });
    expect(stderr).toMatch(/^LIMIT_REACHED: this process may open at most 64 files .*\n.*`ulimit -n 65536`/);
  });

  it('on memory is named, where a part of Node meets it out of any call', async () => {
    const { exitCode, stderr } = await limited('-v 1000000', ['sweep']);

    expect(stderr).not.toMatch(/INTERNAL/);
    // Node's engine may itself end of it, wherever it happens to be, and says so.
    if (/bad_alloc|Fatal (?:error|process)/.test(stderr)) return;
    expect(stderr).toMatch(/LIMIT_REACHED: this process can get no more memory .*\n.*`ulimit -v`/);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(exitCode).toBe(5);
  });
});
