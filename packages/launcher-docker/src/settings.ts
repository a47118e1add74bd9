import { posix } from 'node:path';
import {
  CONTAINER_WORKDIR,
  fillPlaceholders,
  type Launch,
  type LaunchCommand,
  type PrintedCommand,
} from '@sweepline/core';
import type { ContainerSettings } from './container-arguments.js';
import { programArgv } from './engine.js';
import type { DockerOptions } from './options.js';

/** What containers of a node are started with. */
export type Given = Pick<
  Launch<DockerOptions>,
  'options' | 'deviceSettings' | 'workspace' | 'user' | 'node' | 'port' | 'image' | 'hostname' | 'uid'
>;

/** How a plan is printed. What differs with `--compat strict` is decided when this is made, and nowhere else. */
export interface Settings extends ContainerSettings, Pick<DockerOptions, 'before' | 'after'> {
  /** Missing for processes that run on the host. */
  readonly image?: string;
  /** `{role}` is what the container is for. */
  readonly name: string;
  /** What is run before the processes, each in a container of its own. */
  readonly prepare: readonly PrintedCommand[];
  /** Marks of the commands after the processes. */
  readonly cleanup: Pick<LaunchCommand, 'always'>;
}

export function settingsOf(launch: Launch<DockerOptions>): Settings {
  if (launch.strict) return original(launch);
  const { image, prepare } = launch;
  return {
    ...ownSettings(launch),
    ...(image === undefined ? {} : { image: withSlash(image) }),
    name: 'sweepline-{role}',
    prepare,
    cleanup: { always: true },
  };
}

/** As containers are started by a sweep. */
export function ownSettings(given: Given): ContainerSettings & Pick<DockerOptions, 'before' | 'after'> {
  const { 'docker-args': args, ...options } = fillPlaceholders(given.options, given);
  const { 'hf-cache': cache, 'hf-cache-inside': inside } = options;
  return {
    program: programArgv(options),
    args: ['--init', ...args],
    devices: given.deviceSettings.docker,
    mounts: Object.entries({
      ...(cache === undefined ? {} : { [cache]: inside }),
      [given.workspace]: given.workspace,
      ...options.mounts,
    }).map(([from, to]) => `--mount=${bind(from, to)}`),
    cwd: given.workspace,
    env: {
      ...(cache !== undefined && { HF_HUB_CACHE: inside }),
      ...options.env,
      ...given.deviceSettings.env,
    },
    passEnv: ['HF_TOKEN'],
    before: options.before,
    after: options.after,
  };
}

/** Folders of the machine that containers see, and among them the one for files of sessions on another machine. */
export function nodeFolders(given: Given): { readonly base: string; readonly folders: readonly string[] } {
  const { 'node-folder': base, 'hf-cache': cache, mounts } = fillPlaceholders(given.options, given);
  const all = [base, ...(cache === undefined ? [] : [cache]), ...Object.keys(mounts)];
  return { base: posix.resolve(base), folders: [...new Set(all.map((folder) => posix.resolve(folder)))] };
}

/** Unlike `-v`, `--mount` makes no folder of root's where there is none. @param to the path inside; `:ro` after it: read-only */
export function bind(from: string, to: string): string {
  const fields = ['type=bind', `source=${from}`, `target=${to.replace(/:r[ow]$/, '')}`];
  if (to.endsWith(':ro')) fields.push('readonly');
  // It is a line of CSV.
  return fields.map((field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}

/** Images of InferenceX's configs may have a # after the registry, as enroot wants it. */
export function withSlash(image: string): string {
  return image.replace('#', '/');
}

/** The original's scripts prepare inside of the one container, and their last command's exit code is their own. */
function original(launch: Launch<DockerOptions>): Settings {
  const { strict, ...options } = fillPlaceholders(launch.options, launch);
  const { workspace, deviceSettings, image } = launch;
  const cache = options['hf-cache'];
  const mounts = [
    ...(cache === undefined ? [] : [`${cache}:${options['hf-cache-inside']}`]),
    `${workspace}:${CONTAINER_WORKDIR}`,
    ...Object.entries(options.mounts).map(([from, to]) => `${from}:${to}`),
  ];
  return {
    program: ['docker'],
    args: [...strict['docker-args'], ...options['docker-args']],
    devices: deviceSettings.docker,
    mounts: mounts.flatMap((mount) => ['-v', mount]),
    cwd: CONTAINER_WORKDIR,
    env: { ...options.env, ...strict.env, ...deviceSettings.env },
    passEnv: strict['pass-env'],
    before: [...options.before, ...strict.before],
    after: [...options.after, ...strict.after],
    ...(image === undefined ? {} : { image: strict['image-as-written'] ? image : withSlash(image) }),
    name: 'bmk-server',
    prepare: [],
    cleanup: {},
  };
}
