import { resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { runCommandLine, SweeplineError, type RunCommand } from '@sweepline/core';
import { DISK } from '../disk-files.js';
import { findImports, type FoundImports } from '../imports/find-imports.js';
import { saveImport, type SavedImport } from '../imports/save-import.js';
import { ask } from '../index/ask.js';
import { textOf } from '../output/values.js';
import { openIndex } from './open-index.js';

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    new Command('sweepline import')
      .description(
        "Adds results of other programs to the workspace's: artifacts of InferenceX, answers and dumps of its dashboard, " +
          'files of vllm bench serve and AIPerf. The files are copied; what is imported twice is there once.',
      )
      .addArgument(new Argument('<path...>', 'files, or folders that are searched')),
    async (command) => {
      const { cwd, resultsDir, logger, signal } = context;
      const saved: SavedImport[] = [];
      for (const path of command.args) {
        const { imports, skipped, runs } = await found(resolve(cwd, path));
        for (const run of runs) logger.warn(`not imported: ${run}: ${OWN_RUN}`);
        for (const { file, reason } of skipped) logger.warn(`not imported: ${file}: ${reason}`);
        for (const one of imports) {
          signal.throwIfAborted();
          saved.push(await saveImport(resultsDir, one));
        }
      }
      using index = await openIndex(context);
      const counts = await ask(index.connection, COUNTS, [], signal);
      for (const [what, rows] of counts.rows) logger.info(`${textOf(rows)} ${textOf(what)} in all`);
      const reasons = await ask(index.connection, SKIPPED, [], signal);
      const folders = new Set(saved.map(({ folder }) => folder));
      for (const [folder, file, reason, rows] of reasons.rows)
        if (folders.has(textOf(folder)))
          logger.warn(`${textOf(rows)} rows skipped of ${textOf(file)}: ${textOf(reason)}`);
      const added = saved.filter(({ isNew }) => isNew).length;
      logger.info(`${added} files imported, ${saved.length - added} had been before`);
      return 0;
    },
  );

const OWN_RUN = "a run of Sweepline's, which needs no import";

const COUNTS = `
  SELECT 'results' AS what, count(*) FROM results WHERE origin <> 'sweepline'
  UNION ALL SELECT 'evals', count(*) FROM evals
  UNION ALL SELECT 'counts of jobs', count(*) FROM success
  UNION ALL SELECT 'days of availability', count(*) FROM availability
  ORDER BY 1`;
const SKIPPED = `
  SELECT s.folder, file, reason, rows
  FROM skipped JOIN sources s ON skipped.source = s.id ORDER BY file, reason`;

async function found(path: string): Promise<FoundImports> {
  try {
    return await findImports(DISK, path);
  } catch (error) {
    throw new SweeplineError('RESULT_READ_FAILED', `can't import ${path}: ${String(error)}`, {
      cause: error,
    });
  }
}

export default run;
