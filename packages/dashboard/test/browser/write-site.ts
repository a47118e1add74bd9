import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dataScript } from '../../src/build/data-files.js';

/** As Vite has built it. */
const PAGE = new URL('../../dist/page/', import.meta.url);

/** Writes the page with these files as its data, by their names without an extension. */
export async function writeSite(folder: string, files: ReadonlyMap<string, unknown>): Promise<void> {
  await cp(PAGE, folder, { recursive: true });
  for (const [name, value] of files) {
    const path = join(folder, 'data', `${name}.js`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, dataScript(name, JSON.stringify(value)));
  }
}
