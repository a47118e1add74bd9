import { randomUUID } from 'node:crypto';
import { Command, CommanderError } from 'commander';
import { EXIT, SweeplineError, formatError, type CommandTerminal, type RunCommand } from '@sweepline/core';
import type { Subcommand } from './command.js';
import { approve } from './approve.js';
import { collect } from './collect.js';
import { comment } from './comment.js';
import { init } from './init.js';
import { judge } from './judge.js';
import { next } from './next.js';
import { row } from './row.js';
import { select } from './select.js';
import { setup } from './setup.js';
import { source } from './source.js';

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  init,
  approve,
  source,
  setup,
  row,
  select,
  collect,
  judge,
  comment,
  next,
};

const run: RunCommand = async (context) => {
  const { terminal, args } = context;
  let exitCode: number = EXIT.ok;
  const program = new Command('sweepline ci')
    .description(
      'Writes the workflows of continuous benchmarking (init), and is what their steps call (all others, which read variables and files).',
    )
    .exitOverride()
    .configureOutput({ writeOut: terminal.stdout, writeErr: terminal.stderr });
  for (const [name, { summary, options, run: action }] of Object.entries(SUBCOMMANDS)) {
    const command = program.command(name).description(summary);
    (options?.(command) ?? command).action(async () => {
      exitCode = await silenced(terminal, () => action(context, command, process.env));
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  return exitCode;
};

/** What engines and configs say may look like a command to GitHub's runner: meanwhile it takes none. */
async function silenced({ stdout, stderr }: CommandTerminal, action: () => Promise<number>): Promise<number> {
  if (process.env['GITHUB_ACTIONS'] !== 'true') return action();
  const token = randomUUID();
  stdout(`::stop-commands::${token}\n`);
  try {
    return await action();
  } catch (error) {
    // It may quote them, so it is said before the runner listens again.
    if (!(error instanceof SweeplineError)) throw error;
    stderr(`${formatError(error)}\n`);
    return error.exitCode;
  } finally {
    stdout(`::${token}::\n`);
  }
}

export default run;
