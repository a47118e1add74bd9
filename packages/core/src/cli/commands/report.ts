import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { formatError } from '../../errors.js';
import { REPORT_FORMATS, renderReport, unfinishedNotice, type ReportFormat } from '../../report/index.js';
import { latestRun, readRun } from '../../results/read-run.js';
import { saveFile } from '../../results/store.js';
import type { App } from '../app.js';
import { examples } from '../help.js';
import { inWorkspace } from '../options.js';

interface ReportOptions {
  readonly format: ReportFormat;
  readonly output?: string;
}

export function reportCommand(app: App): Command {
  return new Command('report')
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
      const stored = await readRun(folder === undefined ? await newestRun(app) : resolve(app.cwd, folder));
      const { problems } = stored;
      for (const problem of problems) app.logger.warn(`left out: ${formatError(problem)}`);
      const input = { ...stored, unread: problems.length };
      const unfinished = unfinishedNotice(input);
      // Formats for programs have no place for it.
      if (unfinished !== undefined) app.logger.warn(unfinished);
      const text = renderReport(format, input);
      if (output === undefined) app.terminal.stdout(text);
      else await saveFile(resolve(app.cwd, output), text);
    });
}

async function newestRun(app: App): Promise<string> {
  const workspace = await app.workspace();
  return latestRun(inWorkspace(workspace, workspace.config['results-dir']));
}
