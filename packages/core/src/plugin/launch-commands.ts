import type { Job } from '../matrix/job.js';
import type { ContainerSettings } from './hardware.js';
import type { Facts } from './placeholders.js';

/** A program with its arguments and the environment that it gets in addition to its caller's. */
export interface PrintedCommand {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A command of a launcher. In order; the first that fails ends the launch, and its exit code is the launch's. */
export interface LaunchCommand extends PrintedCommand {
  /** Folder that it is run in, if not the workspace. */
  readonly cwd?: string;
  /** Goes on while those after it are started. */
  readonly background?: true;
  /** Cleans up: run however those before it went, and its exit code doesn't count. */
  readonly always?: true;
  /** The first line that it prints is what `{job-id}` stands for from then on. */
  readonly prints?: 'job-id';
}

/** A process of a plan, and where it goes. */
export interface LaunchProcess extends PrintedCommand {
  readonly role: string;
  /** First of its nodes, from 0. */
  readonly node: number;
  /** Nodes and processes on each that its own launcher spans; 1 for processes that are started one by one. */
  readonly nodes: number;
  readonly ranksPerNode: number;
}

/** What a launcher makes commands from. */
export interface Launch<O = unknown> extends Facts {
  readonly job: Job;
  /** `--compat strict`: commands are to be the original's. */
  readonly strict: boolean;
  /** Missing for processes that run on the host. */
  readonly image?: string;
  /** What containers are given to reach the devices. */
  readonly deviceSettings: ContainerSettings;
  /** Nodes that the plan needs, and devices on each. */
  readonly nodes: number;
  readonly devices: number;
  readonly prepare: readonly PrintedCommand[];
  readonly processes: readonly LaunchProcess[];
  /** The other fields of the cluster's entry, after the launcher's own schema. */
  readonly options: O;
}

/** Where containers see the workspace; files of plans are written there. */
export const CONTAINER_WORKDIR = '/workspace/';

/** Argument arrays as commands, each with the same marks. */
export function asCommands(
  commands: readonly (readonly string[])[],
  marks: Pick<LaunchCommand, 'always'> = {},
): readonly LaunchCommand[] {
  return commands.map((argv) => ({ argv, env: {}, ...marks }));
}

/** Commands that run at the same time: all but the last are in the background. */
export function atOnce(commands: readonly LaunchCommand[]): readonly LaunchCommand[] {
  return commands.map((command, index) =>
    index < commands.length - 1 ? { ...command, background: true } : command,
  );
}
