import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { makeStoreWorkspace } from './commands.js';
import { row } from './rows.js';

const INDEX = pathToFileURL(join(import.meta.dirname, '../dist/index/index-file.js')).href;
const KILLS = 6;
/** The longest that a process lives, ms; the first ones die before they begin, and the last ones may end. */
const LONGEST_MS = 900;

const indexer = (folder: string): string => `
  const { updateIndex } = await import(${JSON.stringify(INDEX)});
  const folder = ${JSON.stringify(folder)};
  const { signal } = new AbortController();
  await updateIndex({ folders: [folder], file: folder + '/index.duckdb', rebuild: true, signal });
`;

it(
  'an index is whole whenever its indexer is killed, and nothing is left of that',
  { timeout: 60_000 },
  async () => {
    await using workspace = await makeStoreWorkspace();
    for (let run = 0; run < 5; run += 1)
      await workspace.write(
        `run_${run}/agg_bmk.json`,
        Array.from({ length: 400 }, (_, conc) => row({ conc, run })),
      );
    await workspace.run('import', ...[0, 1, 2, 3, 4].map((run) => `run_${run}`));

    for (let kill = 1; kill <= KILLS; kill += 1) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', indexer(workspace.resultsDir)]);
      const timer = setTimeout(() => child.kill('SIGKILL'), (LONGEST_MS * kill) / KILLS);
      await once(child, 'exit');
      clearTimeout(timer);
      expect(
        await workspace.ask('SELECT count(*) AS n, sum(tput_per_gpu) > 0 AS whole FROM results'),
      ).toEqual([{ n: 2000, whole: true }]);
      expect((await readdir(workspace.resultsDir)).sort()).toEqual(['imports', 'index.duckdb']);
    }
  },
);
