import type { Command } from 'commander';
import { EXIT, SweeplineError } from '../errors.js';
import type { CommandContext } from './command.js';

/**
 * Reads a package's command's arguments and runs it.
 * @param action gives the exit code
 * @throws {SweeplineError} INTERRUPTED when it was stopped, and what the action throws
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
    if (!isCommanders(error)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  try {
    return await action(command);
  } catch (error) {
    if (!signal.aborted || error instanceof SweeplineError) throw error;
    throw new SweeplineError('INTERRUPTED', `${command.name()} was stopped`, { cause: error });
  }
}

/** By its shape: a package has a commander of its own. */
function isCommanders(error: unknown): error is Error & { readonly exitCode: number } {
  return (
    error instanceof Error &&
    'exitCode' in error &&
    'code' in error &&
    /^commander\./.test(String(error.code))
  );
}
