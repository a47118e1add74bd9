import { Command, CommanderError } from 'commander';
import { EXIT, formatError, formatStacks, toSweeplineError, type ErrorCode } from '../errors.js';
import type { Logger } from '../logger.js';
import { PLAIN } from '../style.js';
import type { App } from './app.js';
import { BUILTIN_NAMES, type BuiltinName } from './builtin-names.js';
import { Exit } from './exit.js';
import { examples, exitCodes } from './help.js';
import { checkOpenFiles } from './open-files.js';
import { packageCommands } from './package-commands.js';
import { QUIET, VERBOSE, VERBOSE_VARIABLE } from './verbosity.js';

/** A command whose module is loaded when it runs or its help is requested. */
interface LazyCommand {
  readonly summary: string;
  readonly load: (app: App) => Promise<Command>;
}

const COMMANDS: Readonly<Record<BuiltinName, LazyCommand>> = {
  init: {
    summary: 'make a workspace: configs for a model on a framework and hardware',
    load: async (app) => (await import('./commands/init.js')).initCommand(app),
  },
  sweep: {
    summary: 'run the jobs of configs: launch, load, measure, stop; write results and a report',
    load: async (app) => (await import('./commands/sweep.js')).sweepCommand(app),
  },
  runs: {
    summary: 'list the runs of a results folder, and how they stand',
    load: async (app) => (await import('./commands/runs.js')).runsCommand(app),
  },
  status: {
    summary: 'say how a run stands: its points, and the sessions that it holds',
    load: async (app) => (await import('./commands/status.js')).statusCommand(app),
  },
  attach: {
    summary: 'show what a detached sweep says, until it has ended',
    load: async (app) => (await import('./commands/attach.js')).attachCommand(app),
  },
  stop: {
    summary: 'end a run that another process measures, in order: finished points are kept',
    load: async (app) => (await import('./commands/stop.js')).stopCommand(app),
  },
  rehearse: {
    summary: 'take jobs through everything but their engines, on stand-ins, and say what would fail',
    load: async (app) => (await import('./commands/rehearse.js')).rehearseCommand(app),
  },
  matrix: {
    summary: 'print the jobs that configs expand to, as JSON',
    load: async (app) => (await import('./commands/matrix.js')).matrixCommand(app),
  },
  changelog: {
    summary: 'print the jobs requested by new changelog entries, as one JSON object of buckets',
    load: async (app) => (await import('./commands/changelog.js')).changelogCommand(app),
  },
  plan: {
    summary: 'print what each job would launch, without launching it',
    load: async (app) => (await import('./commands/plan.js')).planCommand(app),
  },
  validate: {
    summary: 'check config files and report all problems at once',
    load: async (app) => (await import('./commands/validate.js')).validateCommand(app),
  },
  bench: {
    summary: 'benchmark an endpoint that is already running',
    load: async (app) => (await import('./commands/bench.js')).benchCommand(app),
  },
  metrics: {
    summary: "compute a run's metrics again, by Sweepline's definitions or a peer's",
    load: async (app) => (await import('./commands/metrics.js')).metricsCommand(app),
  },
  report: {
    summary: 'render the results of a run again',
    load: async (app) => (await import('./commands/report.js')).reportCommand(app),
  },
  plugins: {
    summary: 'list, add and remove plugins; check whether they and this machine can run a sweep',
    load: async (app) => (await import('./commands/plugins.js')).pluginsCommand(app),
  },
  doctor: {
    summary: 'look whether this machine has what the configs need, and say what is missing and what to do',
    load: async (app) => (await import('./commands/doctor.js')).doctorCommand(app),
  },
  selftest: {
    summary: 'find the limits of the load generator on this machine, against a server with known answers',
    load: async (app) => (await import('./commands/selftest.js')).selftestCommand(app),
  },
  'golden-server': {
    summary: 'run a server that streams known tokens at known times, to check load generators',
    load: async (app) => (await import('./commands/golden-server.js')).goldenServerCommand(app),
  },
  load: {
    summary:
      'run the load of SPEC.json; progress goes to stdout as JSON lines, records to the file that it names',
    load: async (app) => (await import('./commands/load.js')).loadCommand(app),
  },
  client: {
    summary: 'bundle the load process for machines without Node.js',
    load: async (app) => (await import('./commands/client.js')).clientCommand(app),
  },
  completion: {
    summary: 'print a script that completes commands and options in bash, zsh or fish',
    load: async (app) =>
      (await import('./commands/completion.js')).completionCommand(app, () => wholeProgram(app)),
  },
};

/** Error codes that mean a defect in code. */
const OF_CODE: readonly ErrorCode[] = ['INTERNAL', 'PLUGIN_THREW', 'PLUGIN_BROKEN'];

/** Flags that print something without a command. */
const BARE = ['--version', '-V'];

/** The requested command; if there is none, the data needed to list them all. */
async function commandsFor(app: App): Promise<readonly Command[]> {
  checkOpenFiles();
  const [first = '', second = ''] = app.args;
  const name = first === 'help' ? second : first;
  const asked = BUILTIN_NAMES.find((one) => one === name);
  if (asked !== undefined) return [await builtinCommand(asked, app)];
  const others = BARE.includes(name) ? [] : await packageCommands(app, name);
  const builtin = BUILTIN_NAMES.map((name) => new Command(name).description(COMMANDS[name].summary));
  return [...builtin, ...others];
}

async function builtinCommand(name: BuiltinName, app: App): Promise<Command> {
  const { load, summary } = COMMANDS[name];
  return (await load(app)).description(summary);
}

/** The `sweepline` command. */
export async function createProgram(app: App): Promise<Command> {
  return programOf(await commandsFor(app), app);
}

/** The same with all commands and their options, not only the requested one. */
async function wholeProgram(app: App): Promise<Command> {
  const builtin = await Promise.all(BUILTIN_NAMES.map((name) => builtinCommand(name, app)));
  return programOf([...builtin, ...(await packageCommands(app, ''))], app);
}

function programOf(commands: readonly Command[], app: App): Command {
  const program = new Command('sweepline')
    .description('Sweeps LLM inference servers: configs in, measured and comparable results out.')
    .version(app.version)
    .option(VERBOSE, `also print where in the code an error occurred; ${VERBOSE_VARIABLE}=1 does the same`)
    .option(QUIET, 'print results and errors only: no progress, no warnings')
    // An option belongs to the command before it.
    .enablePositionalOptions()
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText(
      'after',
      examples('sweepline sweep', 'sweepline bench --base-url http://127.0.0.1:8000 --model M'),
    )
    .addHelpText('after', exitCodes);
  for (const command of commands) program.addCommand(command);
  const { stdout: writeOut, stderr: writeErr, stderrStyle = PLAIN } = app.terminal;
  const below = program.commands.flatMap((command) => [command, ...command.commands]);
  for (const command of below) command.configureHelp({ showGlobalOptions: true });
  for (const command of [program, ...below]) {
    command.exitOverride().configureOutput({
      writeOut,
      writeErr,
      outputError: (text, write) => write(text.replace(/^error:/, stderrStyle.bad)),
    });
  }
  return program;
}

/** Runs the command. All errors, also those of building it, are printed here, once. Returns the exit code. */
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
    else if (OF_CODE.includes(error.code))
      logger.info(`${VERBOSE} also prints where in the code it occurred.`);
    return error.exitCode;
  }
}
