import type { Command } from 'commander';
import type { CommandContext } from '@sweepline/core';
import type { Environment } from '../actions/environment.js';

/** A subcommand of `sweepline ci`: one file in this folder, listed in ci.ts. */
export interface Subcommand {
  readonly summary: string;
  /** Adds its arguments and options. */
  readonly options?: (command: Command) => Command;
  /** @returns exit code */
  readonly run: (context: CommandContext, command: Command, env: Environment) => Promise<number>;
}
