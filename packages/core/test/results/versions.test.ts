import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderReport } from '../../src/report/index.js';
import { readRun } from '../../src/index.js';
import { openRunStore } from '../../src/results/store.js';
import { createMask } from '../../src/secrets.js';
import { completed, run } from '../report/results.js';
import { runCli } from '../run-cli.js';

/** A run that was measured and reported before version 2 existed. */
const VERSION_1 = join(import.meta.dirname, '../fixtures/run-v1');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sweepline-versions-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function json(...path: readonly string[]): Promise<unknown> {
  return JSON.parse(await readFile(join(...path), 'utf8')) as unknown;
}

describe('a run of version 1', () => {
  it('is read as it stands', async () => {
    const { run, results, problems } = await readRun(VERSION_1);

    expect(problems).toEqual([]);
    expect(run).toEqual(await json(VERSION_1, 'run.json'));
    const points = await readdir(join(VERSION_1, 'points'));
    const stored = await Promise.all(points.map((name) => json(VERSION_1, 'points', name, 'result.json')));
    expect(results).toHaveLength(3);
    expect(stored).toEqual(expect.arrayContaining([...results]));
  });

  it('gives the report that it gave then', async () => {
    const { stdout } = await runCli(['report', VERSION_1], folder);

    expect(stdout).toBe(await readFile(join(VERSION_1, 'summary.txt'), 'utf8'));
  });
});

describe('a run of a later Sweepline', () => {
  it('is read, and what is not known of it is kept', async () => {
    const later = { ...completed({}, [{ code: 'slow', severity: 'note', message: 'm' }]), repeat: 3 };
    Object.assign(later.marks[0]!, { limit: { value: 5, unit: '%' } });
    const store = await openRunStore(join(folder, 'run'));
    const begun = {
      ...run,
      plugins: [{ name: 'x' }],
      outputs: [{ ...run.outputs[0]!, level: 'other', low: 1 }],
    };
    await store.saveRun(begun);
    await store.openPoint(later.name);
    await store.savePoint(
      {
        ...later,
        provenance: { ...later.provenance, placement: { place: 'moon', node: 'n', path: 'radio' } },
      },
      { json: {}, serverLogs: [], mask: createMask([]) },
    );

    const stored = await readRun(store.folder);

    expect(stored.problems).toEqual([]);
    expect(stored.run).toEqual(begun);
    expect(stored.results).toMatchObject([
      { repeat: 3, marks: [{ limit: { value: 5 } }], provenance: { placement: { place: 'moon' } } },
    ]);
    expect(renderReport('json', stored)).toContain('"repeat": 3');
    expect(renderReport('markdown', stored)).toContain(later.name);
  });

  it('is refused by its version where it would be misread, point by point', async () => {
    await cp(VERSION_1, join(folder, 'run'), { recursive: true });
    const [first = ''] = await readdir(join(folder, 'run', 'points'));
    const file = join(folder, 'run', 'points', first, 'result.json');
    await writeFile(file, '{"schema": "sweepline.result/3", "state": "skipped"}');

    const { results, problems } = await readRun(join(folder, 'run'));

    expect(results).toHaveLength(2);
    expect(problems).toMatchObject([
      {
        where: { file },
        message:
          "can't read it: a newer Sweepline wrote it (sweepline.result/3); this one reads versions 1 to 2",
      },
    ]);
    await writeFile(join(folder, 'run', 'run.json'), '{"schema": "sweepline.run/10"}');
    await expect(readRun(join(folder, 'run'))).rejects.toThrow(
      'a newer Sweepline wrote it (sweepline.run/10)',
    );
  });
});
