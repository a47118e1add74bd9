import { once } from 'node:events';
import { readFile, watch } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLocalExecutor } from '../../src/launch/local-executor.js';
import { makeTestWorkspace } from '../../src/testing/workspace.js';

const executor = createLocalExecutor();
const { signal } = new AbortController();

/** Resolves when a file of a folder has these lines, in any order. */
async function untilWritten(folder: string, name: string, lines: readonly string[]): Promise<void> {
  const path = join(folder, name);
  const isWritten = async (): Promise<boolean> => {
    const text = await readFile(path, 'utf8').catch(() => '');
    return lines.every((line) => text.includes(`${line}\n`));
  };
  const changes = watch(folder)[Symbol.asyncIterator]();
  // Changes are noticed from the question on, not before.
  for (let change = changes.next(); !(await isWritten()); change = changes.next()) await change;
}

describe('a process on this machine', () => {
  it('is stopped with all that it started, also what left its group', async () => {
    await using workspace = await makeTestWorkspace();
    const script = 'sleep 600 & setsid sh -c "echo left; exec sleep 600" & echo started; exec sleep 600';
    const child = await executor.spawn(
      { argv: ['sh', '-c', script], cwd: workspace.root, log: join(workspace.root, 'log') },
      signal,
    );
    await untilWritten(workspace.root, 'log', ['started', 'left']);

    await child.stop(1000);

    expect(await workspace.processes()).toEqual([]);
  });

  it('is killed where it does not heed what asks it to end', async () => {
    await using workspace = await makeTestWorkspace();
    const deaf = "trap '' TERM INT HUP; echo deaf; while :; do sleep 1; done";
    const child = await executor.spawn(
      { argv: ['sh', '-c', deaf], cwd: workspace.root, log: join(workspace.root, 'log') },
      signal,
    );
    await untilWritten(workspace.root, 'log', ['deaf']);

    expect(await child.stop(200)).toEqual({ code: undefined, signal: 'SIGKILL' });

    expect(await workspace.processes()).toEqual([]);
  });

  it('gives its lines, its exit code and the end of what it complained', async () => {
    const child = await executor.spawn({ argv: ['sh', '-c', 'echo a; echo b; echo no >&2; exit 3'] }, signal);

    const lines: string[] = [];
    for await (const line of child.lines()) lines.push(line);
    expect(lines).toEqual(['a', 'b']);
    expect(await child.exited).toEqual({ code: 3, signal: undefined });
    expect(child.errorTail()).toBe('no\n');
  });

  it('that can not be started says what to do', async () => {
    await expect(executor.spawn({ argv: ['/nowhere/server'] }, signal)).rejects.toMatchObject({
      code: 'SERVER_SPAWN_FAILED',
      hint: expect.stringMatching(/Install/) as unknown,
    });
  });
});

describe('ports', () => {
  it('are free until something listens there', async () => {
    const port = await executor.freePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');

    expect(await executor.portInUse(port)).toBe(true);

    server.close();
    await once(server, 'close');
    expect(await executor.portInUse(port)).toBe(false);
  });
});
