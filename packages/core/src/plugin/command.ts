import type { Logger } from '../logger.js';
import type { Sku } from './hardware.js';
import type { Run } from './run.js';

/**
 * A command that a package adds to the command line, as its package.json declares it:
 * `"sweepline": { "commands": [{ "name", "summary", "module" }] }`.
 */
export interface CommandDeclaration {
  /** Kebab-case. */
  readonly name: string;
  /** One line of `sweepline --help`. */
  readonly summary: string;
  /** Path from package.json of the module whose default export is a RunCommand: `./dist/command.js`. */
  readonly module: string;
}

/** What a command works with. */
export interface CommandContext {
  /** Arguments after the command's name, `--help` included. */
  readonly args: readonly string[];
  readonly terminal: CommandTerminal;
  readonly logger: Logger;
  /** Folder that the command was called in: what paths in `args` are relative to. */
  readonly cwd: string;
  /** The workspace's folder. */
  readonly root: string;
  /** Where the workspace's runs are. */
  readonly resultsDir: string;
  readonly runs: RunReader;
  /** What the workspace's hardware plugins know, by their order. Loads the plugins. @throws {SweeplineError} if one can't be loaded */
  skus(): Promise<readonly Sku[]>;
  /** Aborted when the user or the system asks for an end; the command has some seconds left. */
  readonly signal: AbortSignal;
}

/** stdout carries data only; everything said to people goes to stderr. */
export interface CommandTerminal {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Whether stderr can redraw a line. */
  readonly interactive: boolean;
  /** Columns of a table on stdout. */
  readonly columns: number;
}

export interface RunReader {
  /** Folder of the newest run. @throws {SweeplineError} RESULT_READ_FAILED when there is none. */
  latest(): Promise<string>;
  /** What can be read of a run. @throws {SweeplineError} RESULT_READ_FAILED when the run itself can't be read. */
  read(folder: string): Promise<Run>;
}

/** Runs a command; gives the exit code, 0 to 255. What it throws is reported with the package's name. */
export type RunCommand = (context: CommandContext) => number | Promise<number>;
