import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

/* The generator as Nx itself finds and calls it, in a workspace of its own. */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const OWN = fileURLToPath(new URL('..', import.meta.url));

let workspace: string;

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'sweepline-nx-'));
  const modules = join(workspace, 'node_modules');
  await mkdir(join(modules, '@sweepline/nx'), { recursive: true });
  const installed = await readdir(join(ROOT, 'node_modules'));
  for (const name of installed.filter((one) => one !== '@sweepline'))
    await symlink(join(ROOT, 'node_modules', name), join(modules, name));
  for (const name of ['dist', 'generators.json', 'package.json', 'schemas'])
    await cp(join(OWN, name), join(modules, '@sweepline/nx', name), { recursive: true });
  await writeFile(join(workspace, 'package.json'), '{ "private": true, "workspaces": ["packages/*"] }');
  await writeFile(join(workspace, 'nx.json'), '{ "analytics": false, "tui": { "enabled": false } }');
});
afterAll(() => rm(workspace, { recursive: true, force: true }));

test('nx generate makes a package', async () => {
  const nx = join(workspace, 'node_modules/.bin/nx');
  const args = ['generate', '@sweepline/nx:plugin', 'acme-engine', '--kind', 'framework', '--skipInstall'];
  const env = { ...process.env, NX_DAEMON: 'false', NX_WORKSPACE_ROOT_PATH: undefined };
  await promisify(execFile)(process.execPath, [nx, ...args], { cwd: workspace, env });
  const manifest = JSON.parse(
    await readFile(join(workspace, 'packages/acme-engine/package.json'), 'utf8'),
  ) as object;
  expect(manifest).toMatchObject({ name: 'acme-engine', keywords: ['sweepline-plugin'] });
});
