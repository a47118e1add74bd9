import { resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { runCommandLine, SweeplineError, type Logger, type RunCommand } from '@sweepline/core';
import { choosePoints } from '../exports/chosen-points.js';
import { exportRun, type Remark, type RunExport } from '../exports/run-export.js';
import { readRunRows } from '../exports/run-rows.js';
import { HELD_BACK_FILE, writeExport } from '../exports/write-export.js';
import { openIndex } from './open-index.js';

/** Nothing could be exported. */
const NOTHING = 1;

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    new Command('sweepline export')
      .description(
        "Writes results as the artifacts of a run of InferenceX's, which its scripts and its dashboard read. What they would misread is held back, with the reason.",
      )
      .addArgument(new Argument('<format>', 'how to write them').choices(['inferencex']))
      .addArgument(new Argument('<folder>', 'a new folder; results of several runs have a folder each in it'))
      .addArgument(new Argument('[filter...]', 'as of `sweepline results`: all must be true'))
      .option('--query <sql>', 'the results whose `run` and `point` this SELECT gives, in place of filters'),
    async (command) => {
      const [, folder = '', ...filters] = command.args;
      const { query } = command.opts<{ query?: string }>();
      if (query !== undefined && filters.length > 0)
        throw new SweeplineError('USAGE', 'results are chosen by filters or by --query, not by both');
      const { logger, signal } = context;
      using index = await openIndex(context);
      const chosen = await choosePoints(index.connection, { filters, query }, signal);
      const runs: RunExport[] = [];
      for (const [name, points] of chosen) {
        signal.throwIfAborted();
        const rows = await readRunRows(index.connection, name, signal);
        if (rows.state === 'running' || rows.state === 'interrupted' || rows.state === 'failed')
          logger.warn(
            `${name} is not complete: the dashboard draws the newest run of a line, and hides the points that only an earlier one has`,
          );
        runs.push(await exportRun(rows, points));
      }
      if (runs.length === 0) throw new SweeplineError('USAGE', 'no result is chosen');
      await writeExport(resolve(context.cwd, folder), runs, signal);
      return report(runs, folder, logger);
    },
  );

function report(runs: readonly RunExport[], folder: string, logger: Logger): number {
  const heldBack = runs.flatMap((one) => one.heldBack);
  for (const line of grouped(heldBack)) logger.warn(`held back: ${line}`);
  for (const line of grouped(runs.flatMap(({ notes }) => notes))) logger.info(line);
  const rows = runs.reduce((sum, one) => sum + one.rows.length, 0);
  const evals = runs.reduce((sum, one) => sum + one.evals.length, 0);
  logger.info(
    `${folder}: ${rows} results and ${evals} evals of ${runs.length} runs exported; ${heldBack.length} held back, listed in ${HELD_BACK_FILE}`,
  );
  const without = runs.filter(({ changelog }) => changelog === undefined).length;
  if (without > 0)
    logger.info(
      `no changelog-metadata for ${without} of ${runs.length} runs: they were not started for entries of a changelog that it can have`,
    );
  return rows + evals > 0 ? 0 : NOTHING;
}

const MOST_NAMED = 3;

/** What several have in common, with the first of them. */
function grouped(remarks: readonly Remark[]): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const { run, kind, name, remarks: all } of remarks)
    for (const remark of all) {
      const names = groups.get(`${kind}: ${remark}`) ?? [];
      names.push(`${run} ${name}`);
      groups.set(`${kind}: ${remark}`, names);
    }
  return [...groups].map(([remark, names]) => {
    const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
    return `${remark} (${names.slice(0, MOST_NAMED).join(', ')}${more})`;
  });
}

export default run;
