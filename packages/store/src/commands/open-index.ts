import { Option } from 'commander';
import type { CommandContext } from '@sweepline/core';
import { openToRead, type Database } from '../index/database.js';
import { indexFileOf } from '../index/folders.js';
import { updateIndex, type IndexReport } from '../index/index-file.js';

/** Brings the workspace's index up to date. What can't be read is reported. */
export async function update(
  { resultsDir, signal, logger }: CommandContext,
  more: { readonly folders?: readonly string[]; readonly rebuild?: boolean } = {},
): Promise<IndexReport> {
  const folders = [resultsDir, ...(more.folders ?? [])];
  const report = await updateIndex({
    folders,
    file: indexFileOf(resultsDir),
    signal,
    rebuild: more.rebuild ?? false,
  });
  for (const { folder, problem } of report.problems) logger.warn(`${folder}: ${problem}`);
  return report;
}

/** The index, as it is when all results are in it. */
export async function openIndex(context: CommandContext): Promise<Database> {
  await update(context);
  return openToRead(indexFileOf(context.resultsDir));
}

export function formatOption(): Option {
  return new Option('--format <format>', 'how to write it')
    .choices(['table', 'csv', 'json'])
    .default('table');
}
