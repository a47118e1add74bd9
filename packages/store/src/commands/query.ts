import { runCommandLine } from '@sweepline/core';
import { Argument, Command } from 'commander';
import type { RunCommand } from '@sweepline/core';
import { addNoise } from '../compare/noise-tables.js';
import { ask } from '../index/ask.js';
import { writeAnswer, type Format } from '../output/answer.js';
import { formatOption, openIndex } from './open-index.js';

const run: RunCommand = (context) =>
  runCommandLine(
    context,
    new Command('sweepline query')
      .description(
        'Answers a SELECT about all results of the workspace. `DESCRIBE results` and `SHOW TABLES` say what there is.',
      )
      .addArgument(new Argument('<sql>', 'one statement, in DuckDB’s SQL; it can only read the index'))
      .addOption(formatOption()),
    async (command) => {
      const [sql = ''] = command.args;
      const { format } = command.opts<{ format: Format }>();
      using index = await openIndex(context);
      await addNoise(index.connection, sql);
      const answer = await ask(index.connection, sql, [], context.signal);
      writeAnswer(answer, format, context.terminal);
      return 0;
    },
  );

export default run;
