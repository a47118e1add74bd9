import { existsSync, statSync } from 'node:fs';
import { Option } from 'commander';
import { SweeplineError, type CommandContext } from '@sweepline/core';
import { openToRead, type Database } from '../index/database.js';
import { indexFileOf } from '../index/folders.js';
import { updateIndex, type IndexReport } from '../index/index-file.js';
import { FORMATS } from '../output/answer.js';

/** Brings the workspace's index up to date. What can't be read is reported. */
export async function update(
  { resultsDir, signal, logger }: CommandContext,
  { rebuild = false }: { readonly rebuild?: boolean } = {},
): Promise<IndexReport> {
  const report = await updateIndex({ folders: [resultsDir], file: indexFileOf(resultsDir), signal, rebuild });
  for (const { folder, problem } of report.problems) logger.warn(`${folder}: ${problem}`);
  return report;
}

/** The index, with all results in it; where it can't be written, as it is. */
export async function openIndex(context: CommandContext): Promise<Database> {
  const file = indexFileOf(context.resultsDir);
  await update(context).catch((error: unknown) => {
    if (!(error instanceof SweeplineError && error.code === 'RESULT_WRITE_FAILED' && existsSync(file)))
      throw error;
    context.logger.warn(`${error.message}; this answers as of ${statSync(file).mtime.toISOString()}`);
  });
  return openToRead(file);
}

export function formatOption(): Option {
  return new Option('--format <format>', 'how to write it').choices(FORMATS).default('table');
}
