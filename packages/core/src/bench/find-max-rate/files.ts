import { join, resolve } from 'node:path';
import { builtinMetrics } from '../../metrics/builtin/index.js';
import { computeMetrics } from '../../metrics/compute.js';
import { POINT_FILES } from '../../results/point-files.js';
import { rawResult } from '../../results/raw-result.js';
import { makeFolder } from '../../make-folder.js';
import { saveFile } from '../../results/store.js';
import { writing } from '../../results/write.js';
import type { Found, FoundProbe } from './find.js';
import { searchPage } from './page.js';
import type { Probed } from './probe.js';
import { SEARCH_SCHEMA, type SearchAbout, type StoredSearch } from './search-schema.js';

/** Of the page of a search, which needs no plugin. */
export const REPORT_FILE = 'report.html';

export const SEARCH_FILE = 'search.json';

/** The folder of a search: `search.json`, its page, and in `probes/` a folder per probe with its spec, records, result and verdict. */
export interface SearchFolder {
  readonly folder: string;
  openProbe(name: string): Promise<string>;
  saveProbe(folder: string, probe: FoundProbe, probed: Probed, modelId: string): Promise<void>;
  saveFound(search: StoredSearch): Promise<void>;
}

/** @throws {SweeplineError} RESULT_WRITE_FAILED */
export async function openSearchFolder(parent: string, name: string): Promise<SearchFolder> {
  const folder = resolve(parent, name);
  await writing(folder, () => makeFolder(join(folder, 'probes')));
  const save = (file: string, value: unknown): Promise<void> =>
    saveFile(file, `${JSON.stringify(value, undefined, 2)}\n`);
  return {
    folder,
    async openProbe(probe) {
      const path = join(folder, 'probes', probe);
      await writing(path, () => makeFolder(path));
      return path;
    },
    async saveProbe(path, probe, { run }, modelId) {
      const { values, intervals } = computeMetrics(run, builtinMetrics);
      await save(join(path, POINT_FILES.raw), rawResult({ run, values, intervals, modelId }));
      await save(join(path, 'probe.json'), probe);
    },
    async saveFound(search) {
      await save(join(folder, SEARCH_FILE), search);
      await saveFile(join(folder, REPORT_FILE), searchPage(search));
    },
  };
}

/** A search as programs read it. */
export function stored(found: Found, about: SearchAbout): StoredSearch {
  return { schema: SEARCH_SCHEMA, ...about, ...found };
}
