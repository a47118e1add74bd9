import type { Workspace } from '../config/load.js';
import type { Logger } from '../logger.js';
import type { Planner } from '../plan/plan.js';
import type { RunnerResolver } from '../plan/runners.js';
import type { Registry } from '../plugin/registry.js';
import type { Style } from '../style.js';

/** What commands work with; made by the container, so that tests and other programs can give their own. */
export interface App {
  readonly version: string;
  readonly logger: Logger;
  readonly terminal: Terminal;
  readonly cwd: string;
  /** Arguments of the command, after the program's name. */
  readonly args: readonly string[];
  /** Aborted when the user or the system asks for an end: Ctrl-C, SIGTERM, a closed terminal. */
  readonly signal: AbortSignal;
  /** Argv that starts a load process, without its spec. */
  readonly loadCommand: readonly string[];
  /** Argv that starts a golden server, without how it answers. */
  readonly goldenServerCommand: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Errors are told with their stacks. */
  readonly verbose: boolean;
  /** Names the `run.json` to be closed should the process end early, until the returned function is called. */
  readonly holdRun: (file: string) => () => void;
  workspace(): Promise<Workspace>;
  registry(): Promise<Registry>;
  /** The registry that the workspace would have with these packages under `plugins:`. */
  registryWith(plugins: readonly string[]): Promise<Registry>;
  runners(): Promise<RunnerResolver>;
  planner(): Promise<Planner>;
}

/** Where the CLI writes. stdout carries data only; everything said to people goes to stderr. */
export interface Terminal {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Whether stderr can redraw a line. */
  readonly interactive: boolean;
  /** Whether stdout is a screen: what is drawn there is of no use in files and pipes. By default it isn't. */
  readonly screen?: boolean;
  /** Only results and errors are wanted: no progress, nothing that is said on the way. */
  readonly quiet?: boolean;
  /** How parts of what people read are marked; by default not at all. */
  readonly stdoutStyle?: Style;
  readonly stderrStyle?: Style;
  /** Columns of a table on stdout. */
  readonly columns: number;
  /** Columns of a line on stderr. */
  readonly statusColumns: number;
}
