import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { REPORT_FORMATS, renderReport, type ReportFormat } from '../../report/index.js';
import { latestRun, readRun, saveFile } from '../../results/store.js';
import type { App } from '../app.js';
import { examples } from '../help.js';
import { inWorkspace } from '../options.js';

interface ReportOptions {
  readonly format: ReportFormat;
  readonly output?: string;
}

export function reportCommand(app: App): Command {
  return new Command('report')
    .description('render the results of a run again')
    .argument('[run]', "the run's folder; default: the newest one of the workspace")
    .addOption(new Option('--format <format>', 'what to render').choices(REPORT_FORMATS).default('markdown'))
    .option('--output <file>', 'write to a file instead of stdout')
    .addHelpText(
      'after',
      examples(
        'sweepline report',
        'sweepline report results/20260101T120000Z --format html --output report.html',
      ),
    )
    .action(async (folder: string | undefined, { format, output }: ReportOptions) => {
      const { run, results } = await readRun(
        folder === undefined ? await newestRun(app) : resolve(app.cwd, folder),
      );
      const text = renderReport(format, { run, results });
      if (output === undefined) app.terminal.stdout(text);
      else await saveFile(resolve(app.cwd, output), text);
    });
}

async function newestRun(app: App): Promise<string> {
  const workspace = await app.workspace();
  return latestRun(inWorkspace(workspace, workspace.config['results-dir']));
}
