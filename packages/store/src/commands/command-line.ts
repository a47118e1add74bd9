import { Command, CommanderError } from 'commander';
import { SweeplineError, type CommandContext } from '@sweepline/core';

const USAGE = 2;

/**
 * Reads a command's arguments and runs it.
 * @param action gives the exit code
 */
export async function runCommandLine(
  { args, terminal, signal }: CommandContext,
  command: Command,
  action: (command: Command) => Promise<number>,
): Promise<number> {
  command.exitOverride().configureOutput({ writeOut: terminal.stdout, writeErr: terminal.stderr });
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : USAGE;
  }
  try {
    return await action(command);
  } catch (error) {
    if (!signal.aborted || error instanceof SweeplineError) throw error;
    throw new SweeplineError('INTERRUPTED', 'stopped before it was done', { cause: error });
  }
}
