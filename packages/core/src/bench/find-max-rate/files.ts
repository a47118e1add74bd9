import { join, resolve } from 'node:path';
import { builtinMetrics } from '../../metrics/builtin/index.js';
import { computeMetrics } from '../../metrics/compute.js';
import { POINT_FILES } from '../../results/point-files.js';
import { rawResult } from '../../results/raw-result.js';
import { makeFolder } from '../../make-folder.js';
import { saveFile } from '../../results/store.js';
import { writing } from '../../results/write.js';
import type { Found, FoundProbe } from './find.js';
import type { Probed } from './probe.js';

export const SEARCH_SCHEMA = 'sweepline.max-rate/1';

/** The folder of a search: `search.json`, and in `probes/` a folder per probe with its spec, records, result and verdict. */
export interface SearchFolder {
  readonly folder: string;
  openProbe(name: string): Promise<string>;
  saveProbe(folder: string, probe: FoundProbe, probed: Probed, modelId: string): Promise<void>;
  saveFound(found: Found): Promise<void>;
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
      const { values } = computeMetrics(run, builtinMetrics);
      await save(join(path, POINT_FILES.raw), rawResult({ run, values, modelId }));
      await save(join(path, 'probe.json'), probe);
    },
    saveFound: (found) => save(join(folder, 'search.json'), foundJson(found)),
  };
}

/** A search as programs read it. */
export function foundJson(found: Found): Readonly<Record<string, unknown>> {
  return { schema: SEARCH_SCHEMA, ...found };
}
