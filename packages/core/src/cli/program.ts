import { Command, CommanderError } from 'commander';
import { EXIT, formatError, formatStacks, toSweeplineError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { App } from './app.js';
import { Exit } from './exit.js';
import { examples, exitCodes } from './help.js';

export const VERBOSE_VARIABLE = 'SWEEPLINE_VERBOSE';

type Load = (app: App) => Promise<Command>;

/** Commands in the order of the help. Each is a module of its own that is loaded when it is called. */
const COMMANDS: Readonly<Record<string, Load>> = {
  sweep: async (app) => (await import('./commands/sweep.js')).sweepCommand(app),
  matrix: async (app) => (await import('./commands/matrix.js')).matrixCommand(app),
  changelog: async (app) => (await import('./commands/changelog.js')).changelogCommand(app),
  plan: async (app) => (await import('./commands/plan.js')).planCommand(app),
  validate: async (app) => (await import('./commands/validate.js')).validateCommand(app),
  bench: async (app) => (await import('./commands/bench.js')).benchCommand(app),
  metrics: async (app) => (await import('./commands/metrics.js')).metricsCommand(app),
  report: async (app) => (await import('./commands/report.js')).reportCommand(app),
  plugins: async (app) => (await import('./commands/plugins.js')).pluginsCommand(app),
  selftest: async (app) => (await import('./commands/selftest.js')).selftestCommand(app),
  'golden-server': async (app) => (await import('./commands/golden-server.js')).goldenServerCommand(app),
  load: async (app) => (await import('./commands/load.js')).loadCommand(app),
};

/** The command that the first argument names; all where it names none, as for help. */
async function loadCommands(app: App): Promise<readonly Command[]> {
  const [name = ''] = app.args;
  const asked = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const loads = asked === undefined ? Object.values(COMMANDS) : [asked];
  return Promise.all(loads.map((load) => load(app)));
}

/** The `sweepline` command. */
export async function createProgram(app: App): Promise<Command> {
  const program = new Command('sweepline')
    .description('Sweeps LLM inference servers: configs in, measured and comparable results out.')
    .version(app.version)
    .option(
      '--verbose',
      `also print where in the code an error comes from; ${VERBOSE_VARIABLE}=1 does the same`,
    )
    // An option belongs to the command that it comes after.
    .enablePositionalOptions()
    .addHelpText(
      'after',
      examples('sweepline sweep', 'sweepline bench --base-url http://127.0.0.1:8000 --model M'),
    )
    .addHelpText('after', exitCodes);
  for (const command of await loadCommands(app)) program.addCommand(command);
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap(({ commands }) => commands),
  ]) {
    command.exitOverride().configureOutput({
      writeOut: app.terminal.stdout,
      writeErr: app.terminal.stderr,
    });
  }
  return program;
}

/** Runs the command; errors are printed once, here, and those of its making as well. Returns the exit code. */
export async function runProgram(
  program: Promise<Command>,
  argv: readonly string[],
  logger: Logger,
  isVerbose = false,
): Promise<number> {
  try {
    await (await program).parseAsync(argv);
    return EXIT.ok;
  } catch (thrown) {
    if (thrown instanceof Exit) return thrown.exitCode;
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const error = toSweeplineError(thrown, 'INTERNAL', {
      hint: 'This is a defect in Sweepline: please report it.',
    });
    logger.error(formatError(error));
    if (isVerbose) logger.error(formatStacks(error));
    return error.exitCode;
  }
}
