import { appendFile, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layOut } from '../../src/plan/layout.js';
import type { Executor, Role } from '../../src/index.js';
import { createLocalExecutor } from '../../src/launch/local-executor.js';
import {
  endOfLog,
  LOG_HEAD_BYTES,
  LOG_TAIL_BYTES,
  readProcessLog,
  searchLog,
} from '../../src/launch/server-logs.js';
import { makeTestWorkspace } from '../../src/testing/workspace.js';

const ROLE: Role = {
  name: 'worker',
  replicas: 1,
  runtime: { kind: 'host', requires: [] },
  argv: ['w'],
  env: {},
  files: {},
  ports: [],
  place: { nodes: 1, ranksPerNode: 1, devicesPerRank: 0, wireUp: 'none' },
};
const [placed] = layOut([ROLE], 1);
if (placed === undefined) throw new Error('nothing is laid out');

/** This machine, counting the bytes that are read of files. */
function countingExecutor(): { readonly executor: Executor; readonly bytes: () => number } {
  const local = createLocalExecutor();
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

describe("a process's log", () => {
  it('is read whole, with whose it is', async () => {
    const { workspace } = await logOf('settings a=1\nready\n');
    await using _ = workspace;

    const log = await readProcessLog(placed, createLocalExecutor(), workspace.root);

    expect(log).toEqual({
      role: 'worker',
      replica: 0,
      rank: 0,
      file: 'worker-0.log',
      text: 'settings a=1\nready\n',
    });
  });

  it.each([LOG_HEAD_BYTES, LOG_HEAD_BYTES + 1, LOG_HEAD_BYTES + LOG_TAIL_BYTES])(
    'is read whole up to the limit: %d bytes',
    async (bytes) => {
      const content = `${'x'.repeat(bytes - 1)}\n`;
      const { workspace } = await logOf(content);
      await using _ = workspace;

      const { text } = await readProcessLog(placed, createLocalExecutor(), workspace.root);

      expect(text === content).toBe(true);
    },
  );

  it('of many gigabytes is read at its beginning and its end, in whole lines', async () => {
    const { workspace, path } = await logOf('settings a=1\n');
    await using _ = workspace;
    const line = `${'m'.repeat(99)}\n`;
    await appendFile(path, line.repeat(60_000));
    // A hole: no disk is filled for it.
    const file = await open(path, 'r+');
    await file.truncate(8 * 1024 ** 3);
    await file.close();
    await appendFile(path, `\n${line.repeat(20_000)}the last words\n`);
    const { executor, bytes } = countingExecutor();

    const { text = '' } = await readProcessLog(placed, executor, workspace.root);

    const lines = text.split('\n');
    expect(lines[0]).toBe('settings a=1');
    expect(lines.at(-2)).toBe('the last words');
    expect(new Set(lines.slice(1, -2))).toEqual(
      new Set([line.trim(), '[… the middle of this log is left out here …]']),
    );
    expect(bytes()).toBeLessThan(8 * 1024 * 1024);
  });

  it('that is gone says so', async () => {
    await using workspace = await makeTestWorkspace();

    const log = await readProcessLog(placed, createLocalExecutor(), workspace.root);

    expect(log).toMatchObject({ file: 'worker-0.log', problem: expect.stringMatching(/ENOENT/) as unknown });
    expect(log.text).toBeUndefined();
  });
});

describe("a log's end", () => {
  it('is read without what comes before', async () => {
    const { workspace, path } = await logOf(`${'x'.repeat(9_000_000)}\nCUDA out of memory\n\n`);
    await using _ = workspace;
    const { executor, bytes } = countingExecutor();

    expect(await endOfLog(executor, path)).toMatch(/x\nCUDA out of memory$/);
    expect(bytes()).toBeLessThan(100_000);
  });

  it('is empty where there is no log', async () => {
    expect(await endOfLog(createLocalExecutor(), '/nowhere/log')).toBe('');
  });
});

describe('a text in a growing log', () => {
  it('is found wherever it comes, and what was read is not read again', async () => {
    const { workspace, path } = await logOf('x'.repeat(5_000_000));
    await using _ = workspace;
    const { executor, bytes } = countingExecutor();
    const isThere = searchLog(executor, path, 'application startup complete');

    expect(await isThere()).toBe(false);
    // The text may come in parts.
    await appendFile(path, 'application st');
    expect(await isThere()).toBe(false);
    const before = bytes();
    await appendFile(path, 'artup complete');
    expect(await isThere()).toBe(true);

    expect(bytes() - before).toBeLessThan(100);
  });
});
