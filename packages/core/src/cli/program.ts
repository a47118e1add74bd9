import { Command, CommanderError } from 'commander';
import { EXIT, formatError, toSweeplineError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { App } from './app.js';
import { benchCommand } from './commands/bench.js';
import { changelogCommand } from './commands/changelog.js';
import { loadCommand } from './commands/load.js';
import { matrixCommand } from './commands/matrix.js';
import { planCommand } from './commands/plan.js';
import { pluginsCommand } from './commands/plugins.js';
import { reportCommand } from './commands/report.js';
import { sweepCommand } from './commands/sweep.js';
import { validateCommand } from './commands/validate.js';
import { Exit } from './exit.js';
import { examples, exitCodes } from './help.js';

const COMMANDS = [
  sweepCommand,
  matrixCommand,
  changelogCommand,
  planCommand,
  validateCommand,
  benchCommand,
  reportCommand,
  pluginsCommand,
  loadCommand,
] as const;

/** The `sweepline` command. */
export function createProgram(app: App): Command {
  const program = new Command('sweepline')
    .description('Sweeps LLM inference servers: configs in, measured and comparable results out.')
    .version(app.version)
    // An option belongs to the command that it comes after.
    .enablePositionalOptions()
    .addHelpText(
      'after',
      examples('sweepline sweep', 'sweepline bench --base-url http://127.0.0.1:8000 --model M'),
    )
    .addHelpText('after', exitCodes);
  for (const make of COMMANDS) program.addCommand(make(app));
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

/** Runs the command; errors are printed once, here. Returns the exit code. */
export async function runProgram(program: Command, argv: readonly string[], logger: Logger): Promise<number> {
  try {
    await program.parseAsync(argv);
    return EXIT.ok;
  } catch (thrown) {
    if (thrown instanceof Exit) return thrown.exitCode;
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const error = toSweeplineError(thrown, 'INTERNAL', {
      hint: 'This is a defect in Sweepline: please report it.',
    });
    logger.error(formatError(error));
    return error.exitCode;
  }
}
