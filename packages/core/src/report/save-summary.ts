import { join } from 'node:path';
import { collectRows } from '../results/repeats.js';
import type { RunStore } from '../results/store.js';
import { renderReport, type ReportInput } from './index.js';

export const SUMMARY_FILE = 'summary.md';

/** Writes the files for a run as a whole: the rows of its points in one file, and its summary. Its run.json comes last. */
export async function saveSummary(store: RunStore, input: ReportInput): Promise<void> {
  await store.exportMedians(input.results);
  const rows = collectRows(input.results);
  if (rows.length > 0) await store.saveJson(join('results_bmk', 'agg_bmk.json'), rows);
  await store.saveText(SUMMARY_FILE, renderReport('markdown', input));
  await store.saveRun(input.run);
}
