import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fillFolder, SweeplineError, writing, type Mask } from '@sweepline/core';
import { synced } from '@sweepline/store/files';
import { object, parsed } from '@sweepline/store/json';
import { SITE_SCHEMA } from '../site/site-data.js';
import { dataScript, jsonText, type DataFiles } from './data-files.js';
import { writeMachineFiles } from './machine-files.js';
import { readPage } from './page-files.js';
import { writeData, type SiteOptions } from './write-data.js';
import { writeFlushed } from './write-flushed.js';
import type { SitePoints } from './write-tables.js';

/**
 * Writes a site into a folder, which appears whole or not at all; a site that is there already is replaced.
 * @throws {SweeplineError} USAGE if something else is there, RESULT_WRITE_FAILED
 */
export async function writeSite(
  folder: string,
  source: SitePoints,
  options: SiteOptions,
  mask: Mask,
): Promise<void> {
  const page = await readPage();
  const replace = await isReplaced(folder);
  await fillFolder(folder, { replace }, async (temporary) => {
    const files = folderFiles(temporary, mask);
    const written = await writeData(source, files, options);
    await writing(folder, async () => {
      await writeMachineFiles(temporary, written, mask);
      await writeFlushed(join(temporary, 'index.html'), page.html);
      await writeFlushed(join(temporary, 'app.js'), page.script);
      await writeFlushed(join(temporary, 'app.css'), page.style);
      await synced(temporary);
    });
  });
}

/** @throws {SweeplineError} USAGE if it is neither empty nor a site */
async function isReplaced(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined || (found.isDirectory() && (await readdir(folder)).length === 0)) return false;
  await refuseOther(folder);
  return true;
}

/** @throws {SweeplineError} USAGE for what is no site */
export async function refuseOther(folder: string): Promise<void> {
  const index = parsed(await readFile(join(folder, 'data', 'index.json'), 'utf8').catch(() => undefined));
  if (object(index)['schema'] === SITE_SCHEMA) return;
  throw new SweeplineError('USAGE', `${folder} is no site`, {
    hint: 'Sites are written by `sweepline dashboard build`; it takes a new folder, or that of a site.',
  });
}

function folderFiles(folder: string, mask: Mask): DataFiles {
  const made = new Set<string>();
  return {
    async write(name, value) {
      const path = join(folder, 'data', name);
      const parent = dirname(path);
      const json = jsonText(value, mask);
      await writing(folder, async () => {
        if (!made.has(parent)) await mkdir(parent, { recursive: true });
        made.add(parent);
        await Promise.all([
          writeFlushed(`${path}.json`, json),
          writeFlushed(`${path}.js`, dataScript(name, json)),
        ]);
      });
    },
  };
}
