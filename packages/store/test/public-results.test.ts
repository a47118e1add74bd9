import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { makeStoreWorkspace } from './commands.js';

const RECORDINGS =
  process.env['SWEEPLINE_CONFORMANCE'] ?? resolve(import.meta.dirname, '../../../../shared/conformance');
const PUBLIC = join(RECORDINGS, '../data/public-results');

type Row = Readonly<Record<string, unknown>>;

function read(...path: readonly string[]): readonly Row[] {
  return JSON.parse(readFileSync(join(PUBLIC, ...path), 'utf8')) as readonly Row[];
}

/** What a row of the dashboard's API has on its own level, or nested. */
const flat = (row: Row): Row => ({ ...row, ...(row['metrics'] as Row | undefined) });

it.skipIf(!existsSync(PUBLIC))(
  'every published row is imported, with each of its numbers; stalled ones are marked',
  { timeout: 120_000 },
  async () => {
    await using workspace = await makeStoreWorkspace();
    const runs = readdirSync(join(PUBLIC, 'runs'));
    const files = new Map(runs.map((run) => [run, read('runs', run, 'agg_bmk.json')]));
    const api = read('app-api', 'benchmarks.json');

    await workspace.run('import', PUBLIC);

    const found = await workspace.rows();
    const all = [...files.values()].flat();
    expect(found).toHaveLength(all.length + api.length);
    const byPlace = new Map(found.map((row) => [`${String(row['run'])} ${String(row['point'])}`, row]));
    const numbers = (row: Row) => Object.entries(row).filter(([, value]) => typeof value === 'number');
    for (const [run, rows] of files)
      for (const [index, row] of rows.entries())
        expect(byPlace.get(`${run} agg_bmk.json:${index}`)).toMatchObject(Object.fromEntries(numbers(row)));
    for (const [index, row] of api.entries()) {
      const id = /runs\/(\d+)/.exec(String(row['run_url']))?.[1];
      const expected = numbers({
        ...(row['metrics'] as Row),
        isl: row['isl'],
        osl: row['osl'],
        conc: row['conc'],
      });
      expect(byPlace.get(`run_${id} benchmarks.json:${index}`)).toMatchObject(Object.fromEntries(expected));
    }
    const stalled = [...all, ...api].filter((row) => {
      const { p99_ttft: p99, median_ttft: median } = flat(row) as Readonly<Record<string, number>>;
      return p99! > 30 && p99! > 15 * median!;
    });
    expect(stalled.length).toBeGreaterThan(0);
    expect(await workspace.rows('mark=stall')).toHaveLength(stalled.length);
    for (const [table, file] of Object.entries({
      evals: 'evaluations',
      success: 'reliability',
      availability: 'availability',
    }))
      expect(await workspace.ask(`SELECT count(*) AS n FROM ${table}`)).toEqual([
        { n: read('app-api', `${file}.json`).length },
      ]);
    expect(await workspace.ask('SELECT count(*) AS n FROM skipped')).toEqual([{ n: 0 }]);
    // One row per run of each measurement: nothing that was measured apart has the same series.
    expect(
      await workspace.ask(
        "SELECT run, series FROM results WHERE point LIKE 'agg%' GROUP BY ALL HAVING count(*) > 1",
      ),
    ).toEqual([]);
  },
);
