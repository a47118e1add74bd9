import { join } from 'node:path';
import type { Run, Sku } from '@sweepline/core';
import { DISK } from '@sweepline/store/files';
import { runRows, type SourceRow } from '@sweepline/store/rows';
import { givenPoints } from '../data/given.js';
import { hardwareOf } from '../data/hardware.js';
import { ownVersion } from './own-version.js';
import { siteMask } from './site-mask.js';
import { writeSinglePage } from './single-page.js';

/** Bytes of the records of a run whose requests are in its page: more would hold a sweep up, and make a page that opens slowly. */
const MOST_RECORDS = 2 ** 24;

/** Writes a site of one run as one file, `report.html` in the folder. It reads the files of the run, and needs no index. */
export async function writeReportPage(
  { folder: runFolder, run, results }: Run,
  folder: string,
  skus: readonly Sku[],
  signal: AbortSignal,
): Promise<void> {
  const rows: SourceRow[] = [];
  for await (const row of runRows(DISK, runFolder)) if (!('problem' in row)) rows.push(row);
  const chosen = givenPoints(rows, DISK);
  await writeSinglePage(
    join(folder, 'report.html'),
    { chosen, hardware: hardwareOf(skus), sweepline: await ownVersion() },
    {
      title: `Sweepline run ${run.id}`,
      builtAt: new Date(run.finishedAt ?? run.startedAt),
      requests: (await recordsOf(runFolder, results)) <= MOST_RECORDS,
      signal,
    },
    siteMask(),
  );
}

async function recordsOf(folder: string, results: Run['results']): Promise<number> {
  let bytes = 0;
  for (const { name } of results)
    bytes += (await DISK.size(join(folder, 'points', name, 'records.jsonl'))) ?? 0;
  return bytes;
}
