import { join } from 'node:path';
import { isThere, readResultLines, SweeplineError, withheldReason, type Result } from '@sweepline/core';
import { text, type Json } from '../json.js';
import { artifactNames, folderName } from './artifact-name.js';
import { changelogOf, NO_CHANGELOG } from './changelog-metadata.js';
import { exportedEval, withoutRivals } from './exported-eval.js';
import { exportedRow, type Exported } from './exported-row.js';
import { oneOfEachKey } from './one-of-each-key.js';
import { importedEval, importedRow, type RunRows } from './run-rows.js';
import { failuresOf, statsOf, type Failures, type RunStats } from './run-stats.js';

/** What of a run is not exported, or not as its source has it. */
export interface Remark {
  readonly run: string;
  readonly kind: 'result' | 'eval' | 'run-stats' | 'changelog';
  /** Of a result its point; of a score its task; of counts their hardware; of a changelog a key, or the number of an entry. */
  readonly name: string;
  readonly remarks: readonly string[];
}

/** What a run's artifacts have. */
export interface RunExport {
  readonly run: string;
  readonly rows: readonly ArtifactRow[];
  readonly evals: readonly Json[];
  readonly stats: RunStats;
  readonly failures: Failures;
  /** The entries of the changelog that it was started for; undefined where there are none to export. */
  readonly changelog: Json | undefined;
  readonly heldBack: readonly Remark[];
  readonly notes: readonly Remark[];
}

export interface ArtifactRow {
  /** RESULT_FILENAME, which names its artifacts. */
  readonly name: string;
  readonly row: Json;
  /** Of its server, where the run has it. */
  readonly log: string | undefined;
}

/** A point, with its row or the reasons why it has none. */
export interface ExportedPoint {
  readonly point: string;
  readonly exported: Exported;
}

/**
 * @param points those to export
 * @throws {SweeplineError} USAGE if the run doesn't have one of them
 */
export async function exportRun(of: RunRows, points: ReadonlySet<string>): Promise<RunExport> {
  const there = new Set(of.results.map(({ point }) => text(point)));
  for (const point of points)
    if (!there.has(point)) throw new SweeplineError('USAGE', `there is no result ${point} in ${of.run}`);
  const own = await ownResults(of.folder);
  const chosen = of.results.filter(({ point }) => points.has(text(point) ?? ''));
  const exported = oneOfEachKey(
    chosen.map((row) => ({ point: text(row['point']) ?? '', exported: exportedPoint(row, own) })),
  );
  const evals = withoutRivals(of.evals.map((row) => exportedEval(importedEval(row)))).map((one, index) => ({
    point: text(of.evals[index]?.['task']) ?? '',
    exported: one,
  }));
  const stats = statsOf(of);
  const rows = await artifactRows(exported, of.folder);
  const changelog =
    of.folder === undefined ? NO_CHANGELOG : await changelogOf(of.folder, { hasRows: rows.length > 0 });
  return {
    run: of.run,
    rows,
    evals: evals.flatMap(({ exported: one }) => ('row' in one ? [one.row] : [])),
    stats: stats.counts,
    failures: failuresOf(of),
    changelog: changelog.metadata,
    heldBack: [
      ...remarksOf(of.run, 'result', exported, reasonsOf),
      ...remarksOf(of.run, 'eval', evals, reasonsOf),
      ...stats.heldBack.map((one): Remark => ({ run: of.run, kind: 'run-stats', ...one })),
      ...changelog.heldBack.map((one): Remark => ({ run: of.run, kind: 'changelog', ...one })),
    ],
    notes: [
      ...remarksOf(of.run, 'result', exported, notesOf),
      ...remarksOf(of.run, 'eval', evals, notesOf),
      ...changelog.notes.map((one): Remark => ({ run: of.run, kind: 'changelog', ...one })),
    ],
  };
}

type Remarkable = { readonly notes: readonly string[] } | { readonly reasons: readonly string[] };

const reasonsOf = (one: Remarkable): readonly string[] => ('reasons' in one ? one.reasons : []);
const notesOf = (one: Remarkable): readonly string[] => ('notes' in one ? one.notes : []);

function remarksOf(
  run: string,
  kind: Remark['kind'],
  ones: readonly { readonly point: string; readonly exported: Remarkable }[],
  remarksIn: (one: Remarkable) => readonly string[],
): readonly Remark[] {
  return ones
    .map(({ point: name, exported }) => ({ run, kind, name, remarks: remarksIn(exported) }))
    .filter(({ remarks }) => remarks.length > 0);
}

/** Results of a run of Sweepline's, by name. */
async function ownResults(folder: string | undefined): Promise<ReadonlyMap<string, Result>> {
  if (folder === undefined) return new Map();
  const { lines } = await readResultLines(folder);
  return new Map(lines.map(({ result }) => [result.name, result]));
}

function exportedPoint(row: Json, own: ReadonlyMap<string, Result>): Exported {
  const origin = text(row['origin']) ?? '';
  if (row['state'] !== 'completed')
    return { reasons: [`it has no numbers: it is ${text(row['state']) ?? 'unknown'}`] };
  if (row['is_duplicate'] === true)
    return { reasons: ['it is there twice, with the same numbers, and counts once'] };
  if (origin === 'inferencex') return withModelNote(row, exportedRow(importedRow(row)));
  if (origin !== 'sweepline')
    return { reasons: [`its numbers have the definitions of ${origin}, which are not InferenceX's`] };
  const result = own.get(text(row['point']) ?? '');
  if (result?.state !== 'completed') return { reasons: ["its result can't be read"] };
  const withheld = withheldReason(result);
  if (withheld !== undefined) return { reasons: [withheld] };
  return exportedRow(result.row, result.provenance.hardware?.sku);
}

function withModelNote(row: Json, exported: Exported): Exported {
  if (!('row' in exported) || 'model' in row) return exported;
  return { ...exported, notes: [...exported.notes, 'model is its prefix, as it has no other name'] };
}

async function artifactRows(
  points: readonly ExportedPoint[],
  folder: string | undefined,
): Promise<readonly ArtifactRow[]> {
  const found = points.flatMap(({ point, exported }) =>
    'row' in exported ? [{ point, row: exported.row }] : [],
  );
  const names = artifactNames(found, { isOwn: folder !== undefined });
  const rows: ArtifactRow[] = [];
  for (const [index, { point, row }] of found.entries()) {
    const log = join(folder ?? '', `server_logs_${folderName(point)}`, 'server.log');
    const isLogged = folder !== undefined && (await isThere(log));
    rows.push({ name: names[index]!, row, log: isLogged ? log : undefined });
  }
  return rows;
}
