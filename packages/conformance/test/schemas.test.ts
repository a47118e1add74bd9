import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');

async function readAll(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.schema.json')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return Object.fromEntries(files.map((file, index) => [file, JSON.parse(texts[index]!) as unknown]));
}

it('JSON Schemas in the repository match this code (npm run schemas writes them)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sweepline-schemas-'));
  try {
    await promisify(execFile)(process.execPath, [join(ROOT, 'tools/generate-schemas.js'), folder]);
    expect(await readAll(join(ROOT, 'schemas'))).toEqual(await readAll(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('the core package has all of them, and others find them by its name', async () => {
  const core = join(ROOT, 'packages/core');
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: core });
  const [{ files }] = JSON.parse(stdout) as [{ readonly files: readonly { readonly path: string }[] }];
  const packed = files.map(({ path }) => path).filter((path) => path.endsWith('.schema.json'));

  const schemas = await readAll(join(ROOT, 'schemas'));
  expect(packed.sort()).toEqual(Object.keys(schemas).map((file) => `schemas/${file}`));
  expect(await readAll(join(core, 'schemas'))).toEqual(schemas);
  const url = import.meta.resolve('@sweepline/core/schemas/result-2.schema.json');
  expect(JSON.parse(await readFile(new URL(url), 'utf8'))).toEqual(schemas['result-2.schema.json']);
});
