import { grouped } from '@sweepline/store/judge';
import {
  findImports,
  FORMATS,
  runRows,
  sweeplineResult,
  type FileTree,
  type FoundImport,
  type Problem,
  type SourceRow,
} from '@sweepline/store/rows';

/** Rows of a run that were read from dropped files. */
export interface DroppedRun {
  readonly run: string;
  readonly origin: string;
  readonly points: number;
  readonly rows: readonly SourceRow[];
}

/** A file, or a part of it, that is not among the results. */
export interface NotRead {
  readonly file: string;
  readonly reason: string;
}

export interface Dropped {
  readonly runs: readonly DroppedRun[];
  readonly problems: readonly NotRead[];
}

const KNOWN = [...FORMATS, sweeplineResult];

/**
 * Reads what a folder of dropped files has: runs of Sweepline's, and what `sweepline import` reads. What can't be read is one of
 * `problems`, and costs itself alone.
 * @param taken names of runs that there are: a run of Sweepline's is there once, and another one gets another name
 */
export async function readDropped(
  tree: FileTree,
  folder: string,
  taken: ReadonlySet<string>,
): Promise<Dropped> {
  const problems: NotRead[] = [];
  const note = (file: string, reason: string): unknown =>
    problems.push({
      file: within(folder, file),
      reason: reason.replace(`can't read ${file}: `, '').replaceAll(`${folder}/`, ''),
    });
  const { imports, skipped, runs: own } = await findImports(tree, folder, { formats: KNOWN });
  for (const { file, reason } of skipped) note(file, reason);
  const found = new Map<string, SourceRow[]>();
  for (const path of own) {
    const rows = await rowsOf(
      () => runRows(tree, path),
      (reason) => note(path, reason),
    );
    const name = runIn(rows);
    if (name === undefined) continue;
    const isFree = (tried: string): boolean => !taken.has(tried) && !found.has(tried);
    // Without its run.json it has the name of its folder, which says little.
    const isNamed = (await tree.size(`${path}/run.json`)) !== undefined;
    const run = isNamed ? name : freeName(name, isFree);
    if (isFree(run))
      found.set(
        run,
        rows.map((row) => named(row, run)),
      );
    else note(path, `a run ${run} is here already, and counts once`);
  }
  for (const one of imports) {
    const rows = await importedRows(tree, one, note);
    for (const [name, ofRun] of grouped(rows, ({ cells }) => ('run' in cells ? String(cells.run) : ''))) {
      const points = new Set(pointsOf(ofRun));
      const run = freeName(
        name,
        (tried) => !taken.has(tried) && !pointsOf(found.get(tried) ?? []).some((point) => points.has(point)),
      );
      found.set(run, [...(found.get(run) ?? []), ...ofRun.map((row) => named(row, run))]);
    }
  }
  return {
    runs: [...found].map(([run, rows]) => ({
      run,
      origin: originOf(rows),
      points: pointsOf(rows).length,
      rows,
    })),
    problems,
  };
}

async function rowsOf(
  read: () => AsyncIterable<SourceRow | Problem>,
  note: (reason: string) => unknown,
): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  try {
    for await (const row of read()) {
      if ('problem' in row) note(row.problem);
      else rows.push(row);
    }
  } catch (error) {
    note(error instanceof Error ? error.message : 'it cannot be read');
  }
  return rows;
}

async function importedRows(
  tree: FileTree,
  { run, format, files }: FoundImport,
  note: (file: string, reason: string) => unknown,
): Promise<readonly SourceRow[]> {
  const byName = new Map(files.map((file) => [file.slice(file.lastIndexOf('/') + 1), file]));
  const [first = ''] = files;
  const rows = await rowsOf(
    () => format.rows({ run, files: byName, tree }),
    (reason) => note(first, reason),
  );
  for (const row of rows) {
    if (row.table !== 'skipped') continue;
    const { file, reason, rows: count } = row.cells;
    note(String(file ?? first), `${String(count)} rows are left out: ${String(reason)}`);
  }
  return rows;
}

function runIn(rows: readonly SourceRow[]): string | undefined {
  const part = rows.find((row) => row.table === 'run_parts');
  return part === undefined ? undefined : String(part.cells.run);
}

function pointsOf(rows: readonly SourceRow[]): readonly string[] {
  return rows.flatMap((row) => (row.table === 'result_rows' ? [String(row.cells.point)] : []));
}

function originOf(rows: readonly SourceRow[]): string {
  const row = rows.find(({ table }) => table === 'result_rows');
  return row?.table === 'result_rows' ? String(row.cells.origin) : '';
}

function freeName(name: string, isFree: (name: string) => boolean): string {
  for (let number = 2, tried = name; ; number += 1) {
    if (isFree(tried)) return tried;
    tried = `${name} (${number})`;
  }
}

function named<T extends SourceRow>(row: T, run: string): T {
  return { ...row, cells: { ...row.cells, run } };
}

function within(folder: string, file: string): string {
  return file === folder ? folder : file.slice(folder.length + 1);
}
