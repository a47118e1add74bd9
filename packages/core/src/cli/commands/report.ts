import { resolve } from 'node:path';
import { Command } from 'commander';
import { formatError, SweeplineError } from '../../errors.js';
import { REPORT_FORMATS, renderReport, unfinishedNotice, type ReportFormat } from '../../report/index.js';
import { reportPath, writeReport } from '../../report/write-reports.js';
import { latestRun, readRun, type StoredRun } from '../../results/read-run.js';
import { saveFile } from '../../results/store.js';
import type { App } from '../app.js';
import { examples } from '../help.js';
import { inWorkspace } from '../options.js';

interface ReportOptions {
  /** A format of core, or the name of a report plugin. */
  readonly format: string;
  readonly output?: string;
}

export function reportCommand(app: App): Command {
  return new Command('report')
    .argument('[run]', "the run's folder; default: the newest one of the workspace")
    .option(
      '--format <format>',
      `what to render: ${REPORT_FORMATS.join(', ')}, or the name of a report plugin`,
      'markdown',
    )
    .option(
      '--output <path>',
      "file to write instead of stdout; for a plugin's report, a new or empty folder instead of reports/<name> in the run's folder, or the file of a report that is one",
    )
    .addHelpText(
      'after',
      examples(
        'sweepline report',
        'sweepline report results/20260101T120000Z --format html --output page.html',
      ),
    )
    .action(async (folder: string | undefined, { format, output }: ReportOptions) => {
      const stored = await readRun(folder === undefined ? await newestRun(app) : resolve(app.cwd, folder));
      const { problems } = stored;
      for (const problem of problems) app.logger.warn(`left out: ${formatError(problem)}`);
      if (!isBuiltin(format)) return writePlugins(app, stored, format, output);
      const input = { ...stored, unread: problems.length };
      const unfinished = unfinishedNotice(input);
      // Formats for programs have no place for it.
      if (unfinished !== undefined) app.logger.warn(unfinished);
      const text = renderReport(format, input);
      if (output === undefined) app.terminal.stdout(text);
      else await saveFile(resolve(app.cwd, output), text);
    });
}

function isBuiltin(format: string): format is ReportFormat {
  return REPORT_FORMATS.some((known) => known === format);
}

/** The report of a plugin. Unlike in a sweep, a problem is an error: nothing else was requested. */
async function writePlugins(app: App, run: StoredRun, name: string, output?: string): Promise<void> {
  const { reports, skus } = await app.registry();
  const found = reports.find(({ plugin }) => plugin.name === name);
  if (found === undefined) {
    const known = [...REPORT_FORMATS, ...reports.map(({ plugin }) => plugin.name)];
    throw new SweeplineError('USAGE', `there is no report ${name}; reports: ${known.join(', ')}`, {
      hint:
        name === 'html'
          ? 'The HTML page is made by @sweepline/dashboard: install it, and list it under `plugins:` in configs/sweepline.yaml.'
          : 'Install the plugin package that provides it and list it under `plugins:` in configs/sweepline.yaml.',
    });
  }
  const path = output === undefined ? reportPath(run, found.plugin) : resolve(app.cwd, output);
  await writeReport(found, run, path, {
    ...{ replace: output === undefined, known: { skus }, signal: app.signal },
  });
  app.logger.info(`report: ${path}`);
}

async function newestRun(app: App): Promise<string> {
  const workspace = await app.workspace();
  return latestRun(inWorkspace(workspace, workspace.config['results-dir']));
}
