import { resolve } from 'node:path';
import { Argument, Command, Option } from 'commander';
import { EXIT, runCommandLine, toJson, type RunCommand } from '@sweepline/core';
import { collectEvals, evalTables, type EvalDialect, type EvalSortKey } from '../collect/index.js';

interface Options {
  readonly dialect: EvalDialect;
  readonly sortBy: EvalSortKey;
  readonly json?: boolean;
}

/** InferenceX's collect_eval_results.py: folders with meta_env.json and lm-eval's result files, as a table or as rows. */
const run: RunCommand = (context) =>
  runCommandLine(context, commandLine(), async (command) => {
    const { cwd, terminal, logger } = context;
    const { json, ...options } = command.opts<Options>();
    const { rows, remarks } = await collectEvals(resolve(cwd, command.args[0] ?? ''), options);
    for (const { file, message } of remarks) logger.warn(`${file}: ${message}`);
    terminal.stdout(json === true ? toJson(rows) : `${evalTables(rows, options.dialect)}\n`);
    return EXIT.ok;
  });

function commandLine(): Command {
  return new Command('sweepline collect-evals')
    .description(
      "Makes InferenceX's rows and table of the eval artifacts below a folder. With --json its agg_eval_*.json goes to stdout.",
    )
    .addArgument(
      new Argument('<folder>', 'with meta_env.json and result files of lm-eval, or folders that have them'),
    )
    .addOption(
      new Option('--dialect <version>', 'of InferenceX, whose rows and tables differ')
        .choices(['2026-02', '2026-08'])
        .default('2026-08'),
    )
    .addOption(
      new Option('--sort-by <key>', 'first key of the order')
        .choices(['model_prefix', 'hw'])
        .default('model_prefix'),
    )
    .option('--json', 'write the rows as JSON');
}

export default run;
