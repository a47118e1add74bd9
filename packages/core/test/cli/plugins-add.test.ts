import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.js';

const YAML = `# What this workspace uses.
plugins:
  - ./sound.js # ours

results-dir: out # elsewhere
`;

const metric = (name: string): string =>
  `export default [{ kind: 'metric', name: '${name}', apiVersion: 2, compute: () => ({}),
     outputs: [{ key: '${name}', label: 'x', unit: 'x', better: 'neither', definition: 'x' }] }];`;

const folderOf = (name: string): string => name.replace('/', '-');

/** A package in a folder of its own, to be installed from there. */
const source = (name: string, code: string): Readonly<Record<string, string>> => ({
  [`../${folderOf(name)}/package.json`]: JSON.stringify({
    name,
    version: '1.2.3',
    type: 'module',
    exports: './index.js',
  }),
  [`../${folderOf(name)}/index.js`]: code,
});

let folder = '';
const root = (): string => join(folder, 'workspace');
const read = (path: string): Promise<string> => readFile(join(root(), path), 'utf8');
const run = (...args: readonly string[]) => runCli(['plugins', ...args], root());
const pathOf = (name: string): string => `../${folderOf(name)}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweepline-add-'));
  const files = {
    'package.json': '{ "name": "workspace", "private": true }\n',
    'configs/sweepline.yaml': YAML,
    'configs/sound.js': metric('sound'),
    ...source('@acme/longest', metric('longest')),
    ...source('acme-twin', metric('sound')),
    ...source('acme-no-plugin', 'export const x = 1;'),
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root(), path)), { recursive: true });
    await writeFile(join(root(), path), text);
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe('sweepline plugins add and remove', () => {
  it('installs a package and lists it, and takes both back', async () => {
    const manifest = await read('package.json');
    const added = await run('add', pathOf('@acme/longest'));

    expect(added).toMatchObject({ exitCode: 0, stdout: '' });
    expect(await read('configs/sweepline.yaml')).toBe(
      YAML.replace('# ours\n', "# ours\n  - '@acme/longest'\n"),
    );
    const { stdout } = await run('list');
    expect(stdout).toContain('metric:longest  @acme/longest@1.2.3  longest\n');

    expect(await run('add', '@acme/longest')).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('@acme/longest is already listed in') as string,
    });
    expect(await run('remove', '@acme/longest')).toMatchObject({ exitCode: 0, stdout: '' });

    expect(await read('configs/sweepline.yaml')).toBe(YAML);
    expect(JSON.parse(await read('package.json'))).toEqual(JSON.parse(manifest));
    expect(existsSync(join(root(), 'node_modules/@acme/longest'))).toBe(false);
  });

  it.each([
    ['has no plugins', 'acme-no-plugin', 'PLUGIN_INVALID', 4],
    ['claims what another has', 'acme-twin', 'PLUGIN_DUPLICATE', 4],
    ['is not there', 'acme-nowhere', 'USAGE', 2],
  ])('leaves nothing of a package that %s', async (_, name, code, exitCode) => {
    const before = [await read('package.json'), await read('configs/sweepline.yaml')];

    const { stderr, ...ended } = await run('add', pathOf(name));

    expect(ended).toEqual({ exitCode, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^${code}: `, 'm'));
    expect([await read('package.json'), await read('configs/sweepline.yaml')]).toEqual(before);
    expect(existsSync(join(root(), 'node_modules', name))).toBe(false);
  });

  it('refuses what is no package, before npm makes something of it', async () => {
    const { exitCode, stderr } = await run('add', 'acme;rm -rf x');

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^USAGE: acme;rm -rf x is not the name of a package$/m);
  });

  it('refuses to remove what is not listed, and asks whether another was meant', async () => {
    const { exitCode, stderr } = await run('remove', './sond.js');

    expect(exitCode).toBe(2);
    expect(stderr).toContain('USAGE: ./sond.js is not listed under plugins');
    expect(stderr).toContain('did you mean "./sound.js"?');
    expect(await read('configs/sweepline.yaml')).toBe(YAML);
  });
});
