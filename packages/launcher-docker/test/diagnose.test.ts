import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
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
  'ps --quiet') ;;
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

it('says which machine the daemon is on, where that is another one, and what that has', async () => {
  await fakeDocker({ ...INFO, Name: 'another' });
  expect(await diagnose({ 'agent-image': 'registry/here:1' })).toEqual([
    { state: 'ok', message: 'docker answers on another, which is another machine (linux/amd64)' },
    { state: 'ok', message: 'image registry/here:1 is on another' },
    { state: 'ok', message: 'image registry/gone:1 is not on another and will be pulled' },
    { state: 'ok', message: 'image registry/here:1 is on another' },
  ]);
});

it.each([
  [{ ...INFO, SecurityOptions: ['name=rootless'] }, 'PLAN_UNSUPPORTED'],
  [{ ...INFO, ServerErrors: ['Cannot connect to the Docker daemon'] }, 'ALLOCATION_FAILED'],
])('ends with the error of a daemon that no container can be started with: %#', async (info, code) => {
  await fakeDocker(info);
  await expect(diagnose()).rejects.toMatchObject({ code });
});

it('refuses a podman of another machine', async () => {
  const { Name: hostname, KernelVersion: kernel } = { ...INFO, Name: 'another' };
  await fakeDocker({ host: { hostname, kernel, os: 'linux', arch: 'amd64' } });
  await rename(join(folder, 'docker'), join(folder, 'podman'));
  await expect(diagnose({ program: 'podman' })).rejects.toMatchObject({ code: 'PLAN_UNSUPPORTED' });
});

it('asks for an image for its agent on another machine, where a plan has none', async () => {
  await fakeDocker({ ...INFO, Name: 'another' });
  const request = {
    ...{ token: '0'.repeat(32), name: 'a', runner: 'r', nodes: 1, devicesPerNode: 0, images: [] },
    ...{ sku: { name: 'cpu', vendor: 'none', device: 'cpu', devicesPerNode: 1, sources: [] } },
    ...{ container: { docker: [], pyxis: [], env: {} }, localDir: folder, onHandle: () => {} },
  };
  await expect(docker.acquire(request, never)).rejects.toMatchObject({
    code: 'PLAN_UNSUPPORTED',
    hint: 'Set `agent-image:` of the cluster: any image with glibc.',
  });
});
