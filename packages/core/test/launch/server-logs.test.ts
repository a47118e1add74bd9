import { appendFile, open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Executor } from '../../src/index.js';
import { createLocalExecutor } from '../../src/launch/local-executor.js';
import {
  collectLog,
  endOfLog,
  foundInLog,
  LOG_HEAD_BYTES,
  LOG_TAIL_BYTES,
  type ServerLog,
} from '../../src/launch/server-logs.js';
import { makeTestWorkspace, type TestWorkspace } from '../../src/testing/workspace.js';

/** A log of this machine, brought to another folder. */
function logOn(executor: Executor): ServerLog {
  return { role: 'worker', replica: 0, rank: 0, file: 'worker-0.log', executor };
}

/** This machine, counting the bytes that are read of files. */
function countingExecutor(workDir: string): { readonly executor: Executor; readonly bytes: () => number } {
  const local = createLocalExecutor({ workDir });
  let bytes = 0;
  const read: Executor['read'] = async (path, range) => {
    const part = await local.read(path, range);
    bytes += part.length;
    return part;
  };
  return { executor: { ...local, read }, bytes: () => bytes };
}

async function logOf(content: string) {
  const workspace = await makeTestWorkspace();
  const path = join(workspace.root, 'worker-0.log');
  await writeFile(path, content);
  return { workspace, path };
}

/** Brings the log of a workspace home. */
async function collected(workspace: TestWorkspace, executor?: Executor) {
  const log = logOn(executor ?? createLocalExecutor({ workDir: workspace.root }));
  return collectLog(log, join(workspace.root, 'home'));
}

describe("a process's log", () => {
  it('comes home whole, with whose it is', async () => {
    const { workspace } = await logOf('settings a=1\nready\n');
    await using _ = workspace;

    const log = await collected(workspace);

    expect(log).toEqual({
      role: 'worker',
      replica: 0,
      rank: 0,
      file: 'worker-0.log',
      text: 'settings a=1\nready\n',
    });
    const home = join(workspace.root, 'home', 'worker-0.log');
    expect(await readFile(home, 'utf8')).toBe('settings a=1\nready\n');
    // It may hold secrets.
    expect((await stat(home)).mode & 0o777).toBe(0o600);
  });

  it.each([LOG_HEAD_BYTES, LOG_HEAD_BYTES + 1, LOG_HEAD_BYTES + LOG_TAIL_BYTES])(
    'is read whole up to the limit: %d bytes',
    async (bytes) => {
      const content = `${'x'.repeat(bytes - 1)}\n`;
      const { workspace } = await logOf(content);
      await using _ = workspace;

      const { text } = await collected(workspace);

      expect(text === content).toBe(true);
    },
  );

  it('of hundreds of megabytes is read at its beginning and its end, in whole lines', async () => {
    const { workspace, path } = await logOf('settings a=1\n');
    await using _ = workspace;
    const line = `${'m'.repeat(99)}\n`;
    await appendFile(path, line.repeat(60_000));
    // A hole: the disk is filled once, by the copy.
    const file = await open(path, 'r+');
    await file.truncate(300 * 1024 ** 2);
    await file.close();
    await appendFile(path, `\n${line.repeat(20_000)}the last words\n`);
    const before = process.memoryUsage().rss;

    const { text = '' } = await collected(workspace);

    const lines = text.split('\n');
    expect(lines[0]).toBe('settings a=1');
    expect(lines.at(-2)).toBe('the last words');
    expect(new Set(lines.slice(1, -2))).toEqual(
      new Set([line.trim(), '[… the middle of this log is left out …]']),
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });

  it('that is gone says so', async () => {
    await using workspace = await makeTestWorkspace();

    const log = await collected(workspace);

    expect(log).toMatchObject({ file: 'worker-0.log', problem: expect.stringMatching(/ENOENT/) as unknown });
    expect(log.text).toBeUndefined();
  });

  it('that breaks off on its way keeps what came', async () => {
    const { workspace } = await logOf('');
    await using _ = workspace;
    const executor: Executor = {
      ...createLocalExecutor({ workDir: workspace.root }),
      async *copyOut() {
        yield await Promise.resolve(Buffer.from('settings a=1\n'));
        throw new Error('the node is gone');
      },
    };

    expect(await collected(workspace, executor)).toMatchObject({
      text: 'settings a=1\n',
      problem: 'the node is gone',
    });
  });
});

describe("a log's end", () => {
  it('is read without what comes before', async () => {
    const { workspace } = await logOf(`${'x'.repeat(9_000_000)}\nCUDA out of memory\n\n`);
    await using _ = workspace;
    const { executor, bytes } = countingExecutor(workspace.root);

    expect(await endOfLog(logOn(executor))).toMatch(/x\nCUDA out of memory$/);
    expect(bytes()).toBeLessThan(100_000);
  });

  it('can not be read where there is no log', async () => {
    await expect(endOfLog(logOn(createLocalExecutor({ workDir: '/nowhere' })))).rejects.toThrow(/ENOENT/);
  });
});

describe('a text in a growing log', () => {
  it('is found wherever it comes, and in parts', async () => {
    const { workspace, path } = await logOf('x'.repeat(5_000_000));
    await using _ = workspace;
    const local = createLocalExecutor({ workDir: workspace.root });
    let pieces = 0;
    const executor: Executor = {
      ...local,
      async *follow(file, signal) {
        for await (const piece of local.follow(file, signal)) {
          yield piece;
          pieces += 1;
          // Asked for more, so that what came before was not enough.
          if (pieces === 20) await appendFile(path, 'application st');
          if (pieces === 21) await appendFile(path, 'artup complete');
        }
      },
    };

    expect(
      await foundInLog(logOn(executor), 'application startup complete', AbortSignal.timeout(20_000)),
    ).toBe(true);
    expect(pieces).toBeGreaterThanOrEqual(21);
  });

  it('is not there when the wait is over', async () => {
    const { workspace } = await logOf('nothing');
    await using _ = workspace;
    const stop = new AbortController();
    const local = createLocalExecutor({ workDir: workspace.root });
    const executor: Executor = {
      ...local,
      async *follow(file, signal) {
        for await (const piece of local.follow(file, signal)) {
          yield piece;
          stop.abort();
        }
      },
    };

    expect(await foundInLog(logOn(executor), 'ready', stop.signal)).toBe(false);
  });
});
