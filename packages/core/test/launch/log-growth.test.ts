import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLocalExecutor } from '../../src/launch/local-executor.js';
import { followGrowth } from '../../src/launch/log-growth.js';
import { makeTestWorkspace, type TestWorkspace } from '../../src/testing/workspace.js';

let workspace: TestWorkspace;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  workspace = await makeTestWorkspace();
});
afterEach(async () => {
  vi.useRealTimers();
  await workspace[Symbol.asyncDispose]();
});

/** A log that is followed by a clock of the test; each look is over when it has been read to its end. */
function follow(path: string) {
  const local = createLocalExecutor();
  let unixMs = 0;
  const reads: Promise<unknown>[] = [];
  const read: typeof local.read = (file, range) => {
    const part = local.read(file, range);
    reads.push(part.catch(() => undefined));
    return part;
  };
  const growth = followGrowth({ ...local, read }, path, () => unixMs);
  const settled = async (): Promise<void> => {
    for (let seen = -1; seen < reads.length; await Promise.all(reads)) {
      seen = reads.length;
      await Promise.all(reads);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const at = async (ms: number): Promise<void> => {
    unixMs = ms;
    vi.advanceTimersByTime(1000);
    await settled();
  };
  return { growth, at, settled };
}

it('finds the lines of a time in a log without times', async () => {
  const path = join(workspace.root, 'server.log');
  await writeFile(path, 'loaded\n');
  const { growth, at, settled } = follow(path);
  await settled();
  for (const [ms, line] of [
    [1000, 'one'],
    [2000, 'two'],
    [3000, 'three'],
    [4000, 'four'],
  ] as const) {
    await appendFile(path, `${line}\n`);
    await at(ms);
  }
  growth.stop();
  expect(await growth.linesBetween(1000, 3000)).toEqual(['two', 'three']);
  expect(await growth.linesBetween(3500, 60_000)).toEqual(['four']);
  expect(await growth.linesBetween(4000, 60_000)).toEqual([]);
});

it('has no lines of a log that can not be read', async () => {
  const { growth, at } = follow(join(workspace.root, 'none.log'));
  await at(1000);
  expect(await growth.linesBetween(0, 2000)).toEqual([]);
  growth.stop();
});
