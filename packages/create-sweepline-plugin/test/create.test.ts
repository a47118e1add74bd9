import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KIND_NAMES, kindOf, namesOf, pluginFiles } from '../dist/index.js';

const BIN = fileURLToPath(new URL('../bin/create-sweepline-plugin.js', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweepline-create-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function create(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { status, stdout, stderr };
}

test('makes a package, and says what comes next', async () => {
  const { status, stdout, stderr } = create('@acme/sweepline-x1', '--kind', 'hardware');
  expect([status, stdout]).toEqual([0, '']);
  expect(stderr).toContain('cd sweepline-x1\n');
  expect((await readdir(join(folder, 'sweepline-x1'))).sort()).toEqual([
    ...['.gitignore', 'README.md', 'configs', 'package.json', 'src', 'test', 'tsconfig.json'],
  ]);
  expect(await readFile(join(folder, 'sweepline-x1/src/index.ts'), 'utf8')).toContain("name: 'x1'");
});

test.each([
  [['acme', '--kind', 'framwork'], /"framwork" is not a kind.*framework, hardware/],
  [['acme', '--kind', 'recipe'], /Did you mean recipes\?/],
  [['acme'], /--kind is missing/],
  [['--kind', 'metric'], /name of the package is missing/],
  [['Acme', '--kind', 'metric'], /"Acme" is not a valid npm name/],
  [['../acme', '--kind', 'metric'], /is not a valid npm name/],
  [['node_modules', '--kind', 'metric'], /is not a valid npm name/],
  [['4bit', '--kind', 'metric'], /"4bit" is not a name for a plugin.*--name/],
  [['acme', '--name', 'Big', '--kind', 'metric'], /"Big" is not a name for a plugin/],
  [['acme', 'other', '--kind', 'metric'], /only one package can be made/],
  [['acme', '--knd', 'metric'], /--knd/],
])('refuses %j, and makes nothing', async (args, message) => {
  const { status, stderr } = create(...args);
  expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
  expect(stderr).not.toContain('    at ');
  expect(await readdir(folder)).toEqual([]);
});

test('overwrites nothing', async () => {
  await mkdir(join(folder, 'acme'));
  await writeFile(join(folder, 'acme/mine'), '');
  expect(create('acme', '--kind', 'metric')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('is not empty: it has mine') as string,
  });
  expect(await readdir(join(folder, 'acme'))).toEqual(['mine']);
  await writeFile(join(folder, 'file'), '');
  expect(create('acme', '--kind', 'metric', '--folder', 'file')).toMatchObject({ status: 2 });
});

test('takes a folder that has no more than a repository', async () => {
  await mkdir(join(folder, '.git'));
  const { status, stderr } = create('acme', '--kind', 'metric', '--folder', '.');
  expect(status).toBe(0);
  expect(stderr).not.toContain('cd ');
  expect(await readdir(folder)).toContain('package.json');
});

describe.each(KIND_NAMES)('a package of kind %s', (kind) => {
  const names = namesOf('@acme/sweepline-my-plugin-2');
  const files = pluginFiles(kind, names);

  test('has its names everywhere, also where they contain those of the templates', () => {
    expect(names).toEqual({ package: '@acme/sweepline-my-plugin-2', plugin: 'my-plugin-2' });
    const text = files.map(({ content }) => content).join('\n');
    expect(text).not.toMatch(/my-package|MY_PLUGIN(?!_2)|my_plugin(?!_2)|my-plugin(?!-2)/);
  });

  test('says what npm and its users have to know', () => {
    const manifest = JSON.parse(files.find(({ path }) => path === 'package.json')?.content ?? '') as object;
    expect(manifest).toMatchObject({
      name: '@acme/sweepline-my-plugin-2',
      type: 'module',
      keywords: ['sweepline-plugin'],
      peerDependencies: { '@sweepline/core': '>=0.0.0 <1.0.0' },
    });
  });
});

test('tests packages with the tools of this workspace', async () => {
  const read = async (path: string) =>
    (JSON.parse(await readFile(path, 'utf8')) as { readonly devDependencies: Record<string, string> })
      .devDependencies;
  const own = await read(fileURLToPath(new URL('../package.json', import.meta.url)));
  const root = await read(join(ROOT, 'package.json'));
  expect([own['typescript'], own['@types/node']]).toEqual([root['typescript'], root['@types/node']]);
});

test.each([
  ['acme', 'acme'],
  ['sweepline-plugin-acme', 'acme'],
  ['@acme/plugin-x1', 'x1'],
  ['@acme/sweepline', 'sweepline'],
  ['plugin', 'plugin'],
  ['acme.engine_2', 'acme-engine-2'],
])('calls the plugin of %s %s', (packageName, plugin) => {
  expect(namesOf(packageName).plugin).toBe(plugin);
});

test('knows the kinds that there are', () => {
  expect(KIND_NAMES.map(kindOf)).toEqual(KIND_NAMES);
});
