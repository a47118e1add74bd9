import { Command } from 'commander';
import { SweeplineError } from '../../errors.js';
import { changelogMatrix, type Revision } from '../../matrix/changelog/changelog.js';
import type { SweepFlags } from '../../matrix/changelog/runs.js';
import type { App } from '../app.js';
import { checkArguments } from '../argparse.js';
import { addCommand } from '../changelog/add.js';
import { checkCommand } from '../changelog/check.js';
import { mergeCommand } from '../changelog/merge.js';
import { createGit } from '../git.js';
import { examples } from '../help.js';
import { loadRevision, masterConfigs, type ConfigOptions } from '../revision.js';

interface ChangelogOptions extends SweepFlags, ConfigOptions {
  readonly baseRef: string;
  readonly headRef: string;
  readonly changelogFile: string;
}

export function changelogCommand(app: App): Command {
  return new Command('changelog')
    .enablePositionalOptions()
    .addCommand(addCommand(app))
    .addCommand(checkCommand(app))
    .addCommand(mergeCommand(app))
    .option('--base-ref <ref>', 'revision before the change')
    .option('--head-ref <ref>', 'revision with the added entries; it must be checked out')
    .option('--changelog-file <file>', 'the changelog; entries may only be added')
    .option(
      '--config-files <file...>',
      'master configs: files, folders, globs; default: {amd,nvidia}-master.yaml',
    )
    .option('--runner-config <file>', 'runner config; default: runners.yaml next to them')
    .option('--trim-conc', 'run each recipe only at its lowest concurrency')
    .option('--all-evals', 'run all evals, not the selected ones')
    .option('--evals-only', 'run only evals, no benchmarks')
    .addHelpText(
      'after',
      examples(
        'sweepline changelog --base-ref origin/main --head-ref HEAD --changelog-file perf-changelog.yaml',
        'sweepline changelog --base-ref v1 --head-ref HEAD --changelog-file log.yaml --config-files configs/amd',
      ),
    )
    .action(async (options: ChangelogOptions, command: Command) => {
      checkRequired(command);
      checkArguments(command, app.args);
      const { baseRef, headRef, changelogFile: file } = options;
      const git = createGit(app.cwd, app.signal);
      const masters = masterConfigs(app, options);
      const head = await loadRevision(app, masters, options, app.cwd);
      checkFlags(options, head);
      const matrix = await changelogMatrix({
        ...{ file, baseRef, headRef, head, logger: app.logger, flags: options },
        diff: await git.diff(baseRef, headRef, file),
        base: () => git.withConfigsAt(baseRef, (folder) => loadRevision(app, masters, options, folder)),
      });
      app.terminal.stdout(`${JSON.stringify(matrix)}\n`);
    });
}

/** Commander would require them of subcommands as well. */
const REQUIRED = ['--base-ref', '--head-ref', '--changelog-file'];

function checkRequired(command: Command): void {
  const missing = command.options.find(
    (option) =>
      REQUIRED.includes(option.long ?? '') && command.getOptionValue(option.attributeName()) === undefined,
  );
  if (missing !== undefined) command.error(`error: required option '${missing.flags}' not specified`);
}

const LATER_FLAGS = { trimConc: '--trim-conc', allEvals: '--all-evals', evalsOnly: '--evals-only' } as const;

function checkFlags(flags: SweepFlags, { dialect }: Revision): void {
  if (dialect !== '2026-02') return;
  for (const [name, flag] of Object.entries(LATER_FLAGS)) {
    if (flags[name as keyof SweepFlags] !== true) continue;
    throw new SweeplineError('USAGE', `${flag} needs configs in the dialect of August 2026`, {
      hint: `These are in the dialect of February 2026: leave ${flag} out.`,
    });
  }
}
