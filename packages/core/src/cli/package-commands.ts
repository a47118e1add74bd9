import { Command } from 'commander';
import { findWorkspace, pluginNames } from '../config/plugin-names.js';
import { formatError, SweeplineError } from '../errors.js';
import type { CommandContext } from '../plugin/command.js';
import {
  declaredCommands,
  type CommandProblem,
  type DeclaredCommand,
  type DeclaredCommands,
} from '../plugin/declared-commands.js';
import type { App } from './app.js';
import { BUILTIN_NAMES } from './builtin-names.js';
import { exitWith } from './exit.js';
import { inWorkspace } from './options.js';

/** The commands that packages of the workspace add; none outside of a workspace. No package is imported. */
export async function commandsOfPackages({ cwd }: Pick<App, 'cwd'>): Promise<DeclaredCommands> {
  const workspace = findWorkspace(cwd);
  if (workspace === undefined) return { commands: [], problems: [] };
  try {
    return await declaredCommands(await pluginNames(workspace.file), workspace.file, [
      ...BUILTIN_NAMES,
      'help',
    ]);
  } catch (thrown) {
    if (!(thrown instanceof SweeplineError)) throw thrown;
    return { commands: [], problems: [{ error: thrown }] };
  }
}

/**
 * The same, ready to run. Problems of other packages are printed, because the requested command may be in one of them.
 * @throws {SweeplineError} problems of the requested command.
 */
export async function packageCommands(app: App, asked: string): Promise<readonly Command[]> {
  const { commands, problems } = await commandsOfPackages(app);
  const own = problems.filter(({ name }) => name === asked).map(({ error }) => error);
  const error = SweeplineError.together(own, `${own.length} problems with the command ${asked}`);
  if (error !== undefined) throw error;
  if (commands.every(({ name }) => name !== asked)) warnOf(problems, app);
  return commands.map((command) => packageCommand(command, app));
}

function warnOf(problems: readonly CommandProblem[], { logger }: App): void {
  for (const { error } of problems) logger.warn(`commands left out: ${formatError(error)}`);
}

/** Arguments, `--help` included, are passed to the command unparsed. */
function packageCommand(declared: DeclaredCommand, app: App): Command {
  const { name, summary, package: owner } = declared;
  return new Command(name)
    .description(`${summary} (${owner})`)
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText('after', `\nIts own help: sweepline ${name} --help`)
    .action(async () => exitWith(await run(declared, app)));
}

async function run(declared: DeclaredCommand, app: App): Promise<number> {
  const { runCommand } = await import('../plugin/run-command.js');
  return runCommand(declared, await contextFor(app));
}

async function contextFor(app: App): Promise<CommandContext> {
  const { latestRun, readRun } = await import('../results/read-run.js');
  const { terminal, logger, cwd, signal } = app;
  const workspace = await app.workspace();
  const resultsDir = inWorkspace(workspace, workspace.config['results-dir']);
  return {
    args: app.args.slice(1),
    terminal: {
      stdout: terminal.stdout,
      stderr: terminal.stderr,
      interactive: terminal.interactive,
      columns: terminal.columns,
    },
    logger,
    cwd,
    root: workspace.root,
    resultsDir,
    runs: { latest: () => latestRun(resultsDir), read: readRun },
    skus: async () => (await app.registry()).skus,
    signal,
  };
}
