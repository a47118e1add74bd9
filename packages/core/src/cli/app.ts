import type { Workspace } from '../config/load.js';
import type { Logger } from '../logger.js';
import type { Planner } from '../plan/plan.js';
import type { RunnerResolver } from '../plan/runners.js';
import type { Registry } from '../plugin/registry.js';
import type { Style } from '../style.js';

/** What commands work with. The container makes it; tests and other programs can pass their own. */
export interface App {
  readonly version: string;
  readonly logger: Logger;
  readonly terminal: Terminal;
  readonly cwd: string;
  /** Arguments of the command, after the program's name. */
  readonly args: readonly string[];
  /** Aborted on Ctrl-C, SIGTERM or when the terminal is closed. */
  readonly signal: AbortSignal;
  /** Argv that starts this program; a command and its arguments are appended. */
  readonly selfCommand: readonly string[];
  /** Argv that starts a load process; the spec is appended. */
  readonly loadCommand: readonly string[];
  /** Argv that starts a golden server; its options are appended. */
  readonly goldenServerCommand: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether errors are printed with their stacks. */
  readonly verbose: boolean;
  /** Names the `run.json` to close if the process ends early, until the returned function is called. */
  readonly holdRun: (file: string) => () => void;
  workspace(): Promise<Workspace>;
  registry(): Promise<Registry>;
  /** The registry that the workspace would have if its `plugins:` listed these packages. */
  registryWith(plugins: readonly string[]): Promise<Registry>;
  runners(): Promise<RunnerResolver>;
  planner(): Promise<Planner>;
}

/** Where the CLI writes. stdout carries data only; everything written for people goes to stderr. */
export interface Terminal {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Whether stderr can redraw a line. */
  readonly interactive: boolean;
  /** Whether stdout is a screen. Charts are drawn only there: they are of no use in files and pipes. Default: false. */
  readonly screen?: boolean;
  /** Print only results and errors: no progress, no remarks. */
  readonly quiet?: boolean;
  /** How text for people is styled. Default: not at all. */
  readonly stdoutStyle?: Style;
  readonly stderrStyle?: Style;
  /** Width of a table on stdout, in columns. */
  readonly columns: number;
  /** Width of a line on stderr, in columns. */
  readonly statusColumns: number;
  /** Height of the screen that stderr is on, in rows; missing where it isn't known. */
  readonly statusRows?: number;
}
