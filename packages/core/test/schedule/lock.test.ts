import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { presenceOf, thisProcess } from '../../src/results/owner.js';
import type { Owner } from '../../src/results/run-schema.js';
import { lockRun } from '../../src/schedule/lock.js';

let run = '';
beforeEach(async () => void (run = await mkdtemp(join(tmpdir(), 'sweepline-lock-'))));
afterEach(() => rm(run, { recursive: true }));

const NAME = 'lock-00000000-0000-4000-8000-000000000000.json';
const leave = (owner: Owner): Promise<void> => writeFile(join(run, NAME), JSON.stringify(owner));

describe('the lock of a run', () => {
  it('is held by one at a time', async () => {
    {
      await using _ = await lockRun(run);
      await expect(lockRun(run)).rejects.toMatchObject({
        code: 'RUN_BUSY',
        message: `process ${process.pid} on ${(await thisProcess()).host} measures this run`,
      });
    }
    await using _ = await lockRun(run);
  });

  it('is got by one at most of many that come at once', async () => {
    for (let round = 0; round < 5; round++) {
      const all = await Promise.allSettled(Array.from({ length: 6 }, () => lockRun(run)));
      const held = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(held.length).toBeLessThanOrEqual(1);
      for (const lock of held) await lock[Symbol.asyncDispose]();
      expect(await readdir(run)).toEqual([]);
    }
  });

  it('is free once its process has ended, whose file is removed', async () => {
    await leave({ ...(await thisProcess()), start: '1' });

    await using _ = await lockRun(run);

    expect(await readdir(run)).not.toContain(NAME);
  });

  it('of a process on another machine is only taken over if that is asked for', async () => {
    await leave({ ...(await thisProcess()), host: 'elsewhere' });

    await expect(lockRun(run)).rejects.toMatchObject({
      code: 'RUN_BUSY',
      hint: 'If it has ended, add --take-over.',
    });
    await using _ = await lockRun(run, { takeOver: true });
  });
});

describe('a process', () => {
  it('of an earlier boot of this machine has ended; of another machine with this name, nobody knows', async () => {
    const own = await thisProcess();
    const earlier = { ...own, kernel: 'another-boot pid:[1]' };

    expect(await presenceOf({ ...earlier, machine: 'another' })).toBe('unknown');
    expect(await presenceOf(earlier)).toBe(own.machine === undefined ? 'unknown' : 'gone');
    expect(await presenceOf(own)).toBe('here');
  });
});
