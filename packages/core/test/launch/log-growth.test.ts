import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Executor } from '../../src/index.js';
import { createLocalExecutor } from '../../src/launch/local-executor.js';
import { followGrowth } from '../../src/launch/log-growth.js';
import { makeTestWorkspace, type TestWorkspace } from '../../src/testing/workspace.js';

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await makeTestWorkspace();
});
afterEach(() => workspace[Symbol.asyncDispose]());

/** A log that is followed by a clock of the test: what is written at a time has been seen when `at` resolves. */
function follow(file: string) {
  const local = createLocalExecutor({ workDir: workspace.root });
  let unixMs = 0;
  let seen: (() => void) | undefined;
  const executor: Executor = {
    ...local,
    async *follow(path, signal) {
      for await (const piece of local.follow(path, signal)) {
        yield piece;
        seen?.();
      }
    },
  };
  const growth = followGrowth({ role: 'w', replica: 0, rank: 0, file, executor }, () => unixMs);
  const at = async (ms: number, write: () => Promise<unknown>): Promise<void> => {
    unixMs = ms;
    const isSeen = new Promise<void>((resolve) => (seen = resolve));
    await write();
    await isSeen;
  };
  return { growth, at };
}

it('finds the lines of a time in a log without times', async () => {
  const path = join(workspace.root, 'server.log');
  const { growth, at } = follow('server.log');
  await at(0, () => writeFile(path, 'loaded\n'));
  for (const [ms, line] of [
    [1000, 'one'],
    [2000, 'two'],
    [3000, 'three'],
    [4000, 'four'],
  ] as const) {
    await at(ms, () => appendFile(path, `${line}\n`));
  }
  growth.stop();
  expect(await growth.linesBetween(1000, 3000)).toEqual(['two', 'three']);
  expect(await growth.linesBetween(3500, 60_000)).toEqual(['four']);
  expect(await growth.linesBetween(4000, 60_000)).toEqual([]);
});

it('has no lines of a log that can not be read', async () => {
  const { growth } = follow('none.log');
  expect(await growth.linesBetween(0, 2000)).toEqual([]);
  growth.stop();
});
