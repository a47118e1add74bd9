import { join } from 'node:path';
import { z } from 'zod';
import { DISK } from '../disk-files.js';
import { stateOf } from '../index/run-source.js';
import type { Source } from '../index/rows.js';
import { IMPORT_FILE } from './find-imports.js';
import { FORMATS } from './formats.js';
import { readJson } from './read-json.js';

/** What is kept of an import, next to its files. */
export const importSchema = z.object({
  v: z.literal(1),
  run: z.string().describe('Name of the run that its rows belong to.'),
  format: z.string().describe('Name of the format.'),
  origin: z.string().describe('Whose definitions its numbers have.'),
  from: z.string().describe('Path that was given.'),
  importedAt: z.iso.datetime(),
  files: z.array(z.string()).describe('Names of its files, which are next to this one, as they were.'),
});

export type ImportInfo = z.output<typeof importSchema>;

/** What was imported into a folder; undefined for another folder. */
export async function importSource(folder: string): Promise<Source | undefined> {
  const file = join(folder, IMPORT_FILE);
  const state = await stateOf(file);
  if (state === undefined) return undefined;
  return {
    ...{ folder, kind: 'import', state },
    async *rows() {
      const info = importSchema.parse(await readJson(DISK, file));
      const format = FORMATS.find(({ name }) => name === info.format);
      if (format === undefined) {
        yield { problem: `no format ${info.format} is known` };
        return;
      }
      const { run, origin } = info;
      if (format.files === undefined) yield { table: 'run_parts', cells: { run, folder, origin } };
      const files = new Map(info.files.map((name) => [name, join(folder, name)]));
      yield* format.rows({ run, files, tree: DISK });
    },
  };
}
