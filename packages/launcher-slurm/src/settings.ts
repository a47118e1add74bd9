import {
  fillPlaceholders,
  isMultiNode,
  type Launch,
  type LaunchCommand,
  type PrintedCommand,
} from '@sweepline/core';
import type { SlurmOptions } from './options.js';
import { importedOnce, importedPlainly, type ImageSettings } from './squash.js';

type Commands = readonly (readonly string[])[];

/** How nodes are allocated and steps run. What differs with `--compat strict` is decided when this is made, and nowhere else. */
export interface Settings
  extends
    Omit<SlurmOptions, 'strict' | 'squash' | 'unsquashed' | 'import' | 'import-anew' | 'sudo'>,
    Partial<ImageSettings> {
  /** Devices on each node. */
  readonly devices: number;
  readonly 'job-name'?: string | undefined;
  /** By what `squeue` finds the allocation among others. */
  readonly 'find-args': readonly string[];
  /** One `srun` allocates and runs the container. */
  readonly 'allocates-by-srun': boolean;
  /** Commands in the allocation, before the image is made. */
  readonly 'on-node': Commands;
  /** What makes the folders of `temp-mounts`. */
  readonly 'make-folder': readonly string[];
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

function ownSettings(options: SlurmOptions, launch: Launch): Settings {
  const { image, node, prepare } = launch;
  const isMounted = image !== undefined && options['hf-cache'] !== undefined;
  return {
    ...options,
    ...importedOnce(options, launch),
    devices: launch.devices,
    'job-name': node,
    // By its name: among all of a user's allocations, the first may be another one's.
    'find-args': ['--me', `--name=${node}`],
    'allocates-by-srun': false,
    'on-node': [],
    'temp-mounts': ofThisJob(options['temp-mounts']),
    'make-folder': ['mkdir'],
    'container-name': options['container-name'] ?? sharedContainer(launch),
    prepare,
    env: { ...(isMounted && { HF_HUB_CACHE: options['hf-cache-inside'] }), ...options.env },
    'env-in-export': false,
    'env-before-image': true,
    cleanup: { always: true },
  };
}

/** Folders of a job are called after it, which the original's have only at random. */
function ofThisJob(mounts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(mounts).map(([from, to]) => [from.replace('XXXXXX', '{job-id}'), to]),
  );
}

/** Downloads go to the cache, which is mounted; what else prepares may change the container that the server gets. */
function sharedContainer({ prepare }: Launch): string | undefined {
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
    'make-folder': ['mktemp', '-d'],
    'container-name': options['container-name'],
    prepare: [],
    env: { ...strict.env, ...options.env },
    'env-in-export': strict['env-in-export'],
    'env-before-image': false,
    cleanup: {},
  };
}
