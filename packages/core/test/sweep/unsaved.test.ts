import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { silentLogger } from '../../src/logger.js';
import { openRunStore } from '../../src/results/store.js';
import { sweep, type SweepDeps } from '../../src/sweep.js';

it('a sweep that can save nothing any more says so of its run file and of its report', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sweepline-unsaved-'));
  const store = await openRunStore(join(folder, 'run'));
  const warnings: string[] = [];
  const deps = {
    ...{ runId: 'run', version: '0', configFiles: [], metrics: [], now: () => new Date(), onEvent: () => {} },
    logger: { ...silentLogger, warn: (message: string) => void warnings.push(message) },
    client: { place: 'server-node' },
    store: {
      ...store,
      // Once the run has begun, a file stands where its folder was.
      saveRun: async (run: Parameters<typeof store.saveRun>[0]) => {
        await store.saveRun(run);
        await rm(store.folder, { recursive: true });
        await writeFile(store.folder, '');
      },
    },
  } as unknown as SweepDeps;

  const { failure } = await sweep([], deps, new AbortController().signal);

  expect(failure).toMatchObject({ code: 'RESULT_WRITE_FAILED' });
  expect(warnings).toEqual([
    expect.stringMatching(/^run\.json could not be saved either: can't write results to /),
    expect.stringMatching(/^the report could not be saved either: can't write results to /),
  ]);
  await rm(folder, { recursive: true });
});
