import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { slurm } from '../src/slurm.js';

const never = new AbortController().signal;
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweepline-slurm-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Commands of Slurm, each a line of sh; nothing else is on the PATH. */
async function fakeSlurm(commands: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, line] of Object.entries(commands))
    await writeFile(join(folder, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', folder);
}

const SINFO = 'case "$*" in *--partition=gpu*) echo 3; echo 4 ;; *--partition*) ;; *) echo 9 ;; esac';
const PYXIS = 'echo "  --container-image=[USER@][REGISTRY#]IMAGE[:TAG]|PATH"';
const diagnose = (options = {}, images: readonly string[] = ['i:1']) =>
  slurm.diagnose!({ runner: 'r', images, options }, never);

it('says how many nodes there are, and that srun knows containers', async () => {
  await fakeSlurm({ sinfo: SINFO, srun: PYXIS });
  expect(await diagnose({ partition: 'gpu' })).toEqual([
    { state: 'ok', message: 'partition gpu has 7 nodes' },
    { state: 'ok', message: 'srun has pyxis' },
  ]);
  expect(await diagnose({}, [])).toEqual([{ state: 'ok', message: 'Slurm has 9 nodes' }]);
});

it.each([
  [
    'a partition that is not there',
    { sinfo: SINFO, srun: PYXIS },
    'ALLOCATION_FAILED',
    /partition other has no nodes/,
  ],
  [
    'a controller that does not answer',
    { sinfo: 'echo "sinfo: attempt 1" >&2; echo "Unable to contact slurm controller" >&2; exit 1' },
    'SCHEDULER_UNREACHABLE',
    /^Slurm does not answer: Unable to contact slurm controller$/,
  ],
  ['no Slurm', {}, 'SCHEDULER_UNREACHABLE', /sinfo/],
])('has %s as a problem, and looks no further', async (_, commands, code, message) => {
  await fakeSlurm(commands);
  expect(await diagnose({ partition: 'other' })).toEqual([
    {
      state: 'problem',
      code,
      message: expect.stringMatching(message) as string,
      hint: expect.any(String) as string,
    },
  ]);
});

it('has an srun without pyxis as a problem where there are containers', async () => {
  await fakeSlurm({ sinfo: SINFO, srun: 'echo usage' });
  expect((await diagnose())[1]).toMatchObject({
    state: 'problem',
    message: expect.stringMatching(/pyxis is not installed/) as string,
  });
});
