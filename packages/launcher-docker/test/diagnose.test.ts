import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { release, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { docker } from '../src/docker.js';

const INFO = { Name: hostname(), KernelVersion: release(), OSType: 'linux', Architecture: 'x86_64' };
const never = new AbortController().signal;
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweepline-docker-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A docker that has one image. */
async function fakeDocker(info: object): Promise<void> {
  const script = `#!/bin/sh
case "$1 $3" in
  'info {{json .}}') echo '${JSON.stringify(info)}' ;;
  'image registry/here:1') echo '[]' ;;
  *) echo "No such image: $3" >&2; exit 1 ;;
esac
`;
  await writeFile(join(folder, 'docker'), script, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
}

const images = ['registry#here:1', 'registry/gone:1'];
const diagnose = (options = {}) => docker.diagnose!({ runner: 'r', images, options }, never);

it('says that the daemon answers, and which images it has', async () => {
  await fakeDocker(INFO);
  expect(await diagnose()).toEqual([
    { state: 'ok', message: 'docker answers (linux/amd64)' },
    { state: 'ok', message: 'image registry/here:1 is here' },
    { state: 'ok', message: 'image registry/gone:1 is not here and will be pulled' },
  ]);
});

it('has an image that may not be pulled as a problem', async () => {
  await fakeDocker(INFO);
  expect(await diagnose({ pull: 'never' })).toMatchObject([
    { state: 'ok' },
    { state: 'ok' },
    { state: 'problem', code: 'IMAGE_UNAVAILABLE', hint: 'docker pull registry/gone:1' },
  ]);
});

it.each([
  [{ ...INFO, Name: 'another' }, 'PLAN_UNSUPPORTED'],
  [{ ...INFO, ServerErrors: ['Cannot connect to the Docker daemon'] }, 'ALLOCATION_FAILED'],
])('ends with the error of a daemon that no container can be started with: %#', async (info, code) => {
  await fakeDocker(info);
  await expect(diagnose()).rejects.toMatchObject({ code });
});
