import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { runCommandLine, SweeplineError, type RunCommand } from '@sweepline/core';
import { ask } from '../index/ask.js';
import { selectResults } from '../index/select-results.js';
import { columnsOf } from '../index/table-writer.js';
import { textOf } from '../output/values.js';
import { writeParquet, type RecordsFile } from '../records/write-parquet.js';
import { openIndex } from './open-index.js';

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    new Command('sweepline records')
      .description('Writes the requests of results to a Parquet file, a row each, for other programs.')
      .addArgument(new Argument('<file>', 'the file, such as requests.parquet'))
      .addArgument(
        new Argument('[filter...]', 'as `sweepline results` takes them; without one, all results'),
      ),
    async (command) => {
      const { cwd, logger, signal } = context;
      const [out = '', ...filters] = command.args;
      using index = await openIndex(context);
      const { sql, values } = selectResults(await columnsOf(index.connection, 'results'), {
        filters: ['origin=sweepline', ...filters],
        columns: ['run', 'point', 'file'],
        sort: [],
        limit: undefined,
      });
      const { rows } = await ask(index.connection, sql, values, signal);
      const { files, without } = await recordsOf(rows.map((row) => row.map(textOf)));
      if (files.length === 0)
        throw new SweeplineError('USAGE', 'no result that is meant has records', {
          hint: 'Points keep theirs in records.jsonl; imported ones have none.',
        });
      const written = await writeParquet(files, resolve(cwd, out), signal);
      if (without > 0) logger.warn(`${without} points have no records`);
      logger.info(`${out}: ${written} requests of ${files.length} points`);
      return 0;
    },
  );

async function recordsOf(
  points: readonly (readonly string[])[],
): Promise<{ readonly files: readonly RecordsFile[]; readonly without: number }> {
  const files: RecordsFile[] = [];
  for (const [name = '', point = '', result = ''] of points) {
    const file = join(dirname(result), 'records.jsonl');
    const size = await stat(file).then(
      (found) => found.size,
      () => 0,
    );
    if (size > 0) files.push({ run: name, point, file });
  }
  return { files, without: points.length - files.length };
}

export default run;
