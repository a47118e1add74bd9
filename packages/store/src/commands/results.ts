import { runCommandLine } from '@sweepline/core';
import { Argument, Command, Option } from 'commander';
import type { RunCommand } from '@sweepline/core';
import { ask } from '../index/ask.js';
import { columnsOf } from '../index/table-writer.js';
import { selectResults } from '../index/select-results.js';
import { writeAnswer, type Format } from '../output/answer.js';
import { formatOption, openIndex } from './open-index.js';

interface Options {
  readonly format: Format;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly columns?: string;
  readonly sort?: string;
  readonly limit?: number;
}

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    new Command('sweepline results')
      .description('Lists results of all runs and imports.')
      .addArgument(
        new Argument(
          '[filter...]',
          'such as sku=b200,b300 framework=sglang conc>=64 mark=stall: all must be true; a name with = and nothing is missing',
        ),
      )
      .option('--columns <names>', 'with commas between them; JSON has all by default')
      .option('--sort <names>', 'with commas between them; :desc after a name for the highest first')
      .addOption(new Option('--limit <n>', 'at most so many').argParser(Number))
      .addOption(formatOption())
      .option('--json', 'the same as --format json')
      .option('--csv', 'the same as --format csv'),
    async (command) => {
      const options = command.opts<Options>();
      const format = options.json === true ? 'json' : options.csv === true ? 'csv' : options.format;
      using index = await openIndex(context);
      const columns = await columnsOf(index.connection, 'results');
      const { sql, values } = selectResults(columns, {
        filters: command.args,
        columns: options.columns?.split(',') ?? (format === 'table' ? undefined : columns),
        sort: options.sort?.split(',') ?? [],
        limit: options.limit,
      });
      writeAnswer(await ask(index.connection, sql, values, context.signal), format, context.terminal);
      return 0;
    },
  );

export default run;
