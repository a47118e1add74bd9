import {
  fillPlaceholders,
  isMultiNode,
  type Launch,
  type LaunchCommand,
  type PrintedCommand,
} from '@sweepline/core';
import type { JobNames, SlurmOptions } from './options.js';
import { importedOnce, importedPlainly, type ImageSettings } from './squash.js';

type Commands = readonly (readonly string[])[];

/** How nodes are allocated and steps run. What differs with `--compat strict` is decided when this is made, and nowhere else. */
export interface Settings
  extends
    Omit<
      SlurmOptions,
      'strict' | 'squash' | 'unsquashed' | 'import' | 'import-anew' | 'sudo' | 'node-folder'
    >,
    Partial<ImageSettings> {
  /** Devices on each node. */
  readonly devices: number;
  readonly 'job-name'?: string | undefined;
  /** By what `squeue` finds the allocation among others. */
  readonly 'find-args': readonly string[];
  /** One `srun` allocates and runs the container. */
  readonly 'allocates-by-srun': boolean;
  /** A batch job holds the nodes; else `salloc`. */
  readonly 'holds-by-sbatch': boolean;
  /** Steps say which of the nodes they share with others. */
  readonly overlaps: boolean;
  /** Commands in the allocation, before the image is made. */
  readonly 'on-node': Commands;
  /** What makes the folders of `temp-mounts`. */
  readonly 'make-folder': readonly string[];
  /** What removes them. */
  readonly 'remove-folder': readonly string[];
  /** What is run before the processes. */
  readonly prepare: readonly PrintedCommand[];
  /** The environment of `env` is in `--export`; else the caller's, since values may have commas. */
  readonly 'env-in-export': boolean;
  /** What the plan sets comes before what the image has. */
  readonly 'env-before-image': boolean;
  /** Marks of the commands after the processes. */
  readonly cleanup: Pick<LaunchCommand, 'always'>;
}

export function settingsOf(launch: Launch<SlurmOptions>): Settings {
  const options = fillPlaceholders(launch.options, launch);
  const own = ownSettings(options, launch);
  return launch.strict ? { ...own, ...original(options, launch) } : own;
}

/** What settings without those of the original are made from. */
export type Asked = Pick<Launch, 'image' | 'node' | 'nodes' | 'devices' | 'prepare'> & {
  readonly job: JobNames;
};

export function ownSettings(options: SlurmOptions, launch: Asked): Settings {
  const { image, nodes, prepare } = launch;
  const isMounted = image !== undefined && options['hf-cache'] !== undefined;
  return {
    ...options,
    ...importedOnce(options, launch),
    devices: launch.devices,
    'find-args': [],
    'allocates-by-srun': false,
    'holds-by-sbatch': true,
    overlaps: true,
    'on-node': [],
    'temp-mounts': ofThisJob(options['temp-mounts']),
    // On the nodes: what is theirs may not be there on this machine.
    'make-folder': [...onEach(nodes), 'mkdir', '-p'],
    'remove-folder': [...onEach(nodes), 'rm', '-rf'],
    'container-name': options['container-name'] ?? sharedContainer(launch),
    prepare,
    env: { ...(isMounted && { HF_HUB_CACHE: options['hf-cache-inside'] }), ...options.env },
    'env-in-export': false,
    'env-before-image': true,
    cleanup: { always: true },
  };
}

function onEach(nodes: number): readonly string[] {
  return ['srun', '--jobid={job-id}', '--overlap', `--nodes=${nodes}`, '--ntasks-per-node=1'];
}

/** Folders of a job are called after it, which the original's have only at random. */
function ofThisJob(mounts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(mounts).map(([from, to]) => [from.replace('XXXXXX', '{job-id}'), to]),
  );
}

/** Downloads go to the cache, which is mounted; what else prepares may change the container that the server gets. */
function sharedContainer({ prepare }: Pick<Launch, 'prepare'>): string | undefined {
  return prepare.some(({ argv }) => argv[0] !== 'hf') ? 'sweepline-{job-id}' : undefined;
}

/** The original's scripts prepare inside of the one container, and their last command's exit code is their own. */
function original({ strict, ...options }: SlurmOptions, launch: Launch): Partial<Settings> {
  const { job, user } = launch;
  const name = strict['allocation-name'];
  return {
    ...importedPlainly({ strict, ...options }, launch),
    ...(isMultiNode(job) ? {} : { devices: job.tp }),
    before: [...options.before, ...strict.before],
    after: [...options.after, ...strict.after],
    'job-name': name,
    'find-args': name === undefined ? ['-u', user] : [`--name=${name}`],
    'allocates-by-srun': strict['allocates-by-srun'],
    'on-node': strict['on-node'],
    'temp-mounts': options['temp-mounts'],
    'holds-by-sbatch': false,
    overlaps: launch.nodes > 1 || launch.processes.length > 1,
    'exclude-nodes': [],
    'make-folder': ['mktemp', '-d'],
    'remove-folder': ['rmdir'],
    'container-name': options['container-name'],
    prepare: [],
    env: { ...strict.env, ...options.env },
    'env-in-export': strict['env-in-export'],
    'env-before-image': false,
    cleanup: {},
  };
}
