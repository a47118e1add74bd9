import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withTemporaryFolder } from '../../src/cli/temporary-folder.js';
import { thisProcess } from '../../src/results/owner.js';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'sweepline-temporary-'));
  vi.stubEnv('TMPDIR', place);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(place, { recursive: true });
});

async function leave(name: string, owner?: object): Promise<void> {
  await mkdir(join(place, name));
  if (owner !== undefined) await writeFile(join(place, name, 'owner.json'), JSON.stringify(owner));
}

it('is gone afterwards, also when its use fails', async () => {
  await withTemporaryFolder('bench', async (folder) => writeFile(join(folder, 'file'), ''));
  await expect(withTemporaryFolder('bench', () => Promise.reject(new Error('no')))).rejects.toThrow('no');

  expect(await readdir(place)).toEqual([]);
});

it('what killed processes left is removed, and nothing else', async () => {
  const self = await thisProcess();
  await leave('sweepline-bench-dead', { ...self, start: '1' });
  await leave('sweepline-bench-alive', self);
  await leave('sweepline-bench-elsewhere', { ...self, host: 'other', start: '1' });
  await leave('sweepline-bench-unsigned');
  await leave('sweepline-git-dead', { ...self, start: '1' });

  await withTemporaryFolder('bench', async () => {});

  expect((await readdir(place)).sort()).toEqual([
    ...[
      'sweepline-bench-alive',
      'sweepline-bench-elsewhere',
      'sweepline-bench-unsigned',
      'sweepline-git-dead',
    ],
  ]);
});

it('says where there is no place for it', async () => {
  vi.stubEnv('TMPDIR', join(place, 'none'));

  await expect(withTemporaryFolder('bench', async () => {})).rejects.toMatchObject({
    code: 'RESULT_WRITE_FAILED',
    message: expect.stringContaining(`temporary folder in ${join(place, 'none')}`) as unknown,
  });
});
