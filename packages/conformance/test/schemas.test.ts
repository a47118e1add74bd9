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

it('JSON Schemas in the repository are those of this code (npm run schemas makes them)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sweepline-schemas-'));
  try {
    await promisify(execFile)(process.execPath, [join(ROOT, 'tools/generate-schemas.js'), folder]);
    expect(await readAll(join(ROOT, 'schemas'))).toEqual(await readAll(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
});
