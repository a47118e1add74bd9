import { Command } from 'commander';
import type { App } from '../app.js';
import { examples } from '../help.js';
import { selectJobs, withSelection, type SelectionOptions } from '../options.js';

export function matrixCommand(app: App): Command {
  return withSelection(new Command('matrix'))
    .description('print the jobs that configs expand to, as a JSON array')
    .addHelpText(
      'after',
      examples(
        'sweepline matrix',
        'sweepline matrix configs/local.yaml --max-conc 4',
        'sweepline matrix | jq length',
      ),
    )
    .action(async (config: string[], options: SelectionOptions) => {
      const { jobs } = await selectJobs(app, config, options);
      app.terminal.stdout(`${JSON.stringify(jobs, undefined, 2)}\n`);
    });
}
