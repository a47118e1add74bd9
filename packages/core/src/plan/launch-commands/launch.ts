import type { Job } from '../../matrix/job.js';
import type { ContainerSettings } from '../../plugin/hardware.js';
import type { PrintedCommand } from '../print.js';

/** A command of a launcher. In order; the first that fails ends the launch, and its exit code is the launch's. */
export interface LaunchCommand extends PrintedCommand {
  /** Folder that it is run in, if not the workspace. */
  readonly cwd?: string;
  /** Goes on while those after it are started. */
  readonly background?: true;
  /** Cleans up: run however those before it went, and its exit code doesn't count. */
  readonly always?: true;
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

/** What launchers make commands from, the same for all of them. */
export interface Launch {
  readonly job: Job;
  readonly node: string;
  readonly user: string;
  readonly workspace: string;
  readonly strict: boolean;
  /** Missing for processes that run on the host. */
  readonly image?: string;
  readonly hardware: ContainerSettings;
  /** Nodes that the plan needs, and devices on each. */
  readonly nodes: number;
  readonly devices: number;
  readonly prepare: readonly PrintedCommand[];
  readonly processes: readonly LaunchProcess[];
  /** Puts in what the cluster's texts leave open. */
  readonly fill: (text: string) => string;
}

/** Where containers see the workspace; files of plans are written there. */
export const WORKDIR = '/workspace/';

type Commands = readonly (readonly string[])[];

/** Commands of the config, as commands of the launch. */
export function configured({ fill }: Launch, commands: Commands): readonly LaunchCommand[] {
  return commands.map((argv) => ({ argv: argv.map(fill), env: {} }));
}

/** The same for those that clean up; the original doesn't tell them apart, so that their exit code was its own. */
export function cleanup(launch: Launch, commands: Commands): readonly LaunchCommand[] {
  const plain = configured(launch, commands);
  return launch.strict ? plain : plain.map((command) => ({ ...command, always: true }));
}

/** The values of a map of the config, filled in. */
export function filled(
  { fill }: Launch,
  texts: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fill(text)]));
}

/** Those but the last go on beside each other. */
export function besideEachOther(commands: readonly LaunchCommand[]): readonly LaunchCommand[] {
  return commands.map((command, index) =>
    index < commands.length - 1 ? { ...command, background: true } : command,
  );
}
