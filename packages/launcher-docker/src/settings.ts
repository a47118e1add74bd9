import { fillPlaceholders, type Launch, type LaunchCommand, type PrintedCommand } from '@sweepline/core';
import type { DockerOptions } from './options.js';

/** How containers are started. What differs with `--compat strict` is decided when this is made, and nowhere else. */
export interface Settings extends Omit<DockerOptions, 'strict'> {
  /** Missing for processes that run on the host. */
  readonly image?: string;
  /** `{role}` is what the container is for. */
  readonly 'container-name': string;
  /** Variables that containers get from the caller, by name: secrets are never on a command line. */
  readonly 'pass-env': readonly string[];
  /** What is run before the processes, each in a container of its own. */
  readonly prepare: readonly PrintedCommand[];
  /** Marks of the commands after the processes. */
  readonly cleanup: Pick<LaunchCommand, 'always'>;
}

export function settingsOf(launch: Launch<DockerOptions>): Settings {
  const options = fillPlaceholders(launch.options, launch);
  const own = ownSettings(options, launch);
  return launch.strict ? { ...own, ...original(options, launch) } : own;
}

function ownSettings({ strict: _, ...options }: DockerOptions, { image, prepare }: Launch): Settings {
  const isMounted = options['hf-cache'] !== undefined;
  return {
    ...options,
    'docker-args': ['--init', ...options['docker-args']],
    env: { ...(isMounted && { HF_HUB_CACHE: options['hf-cache-inside'] }), ...options.env },
    ...(image === undefined ? {} : { image: image.replace('#', '/') }),
    'container-name': 'sweepline-{role}',
    'pass-env': ['HF_TOKEN'],
    prepare,
    cleanup: { always: true },
  };
}

/** The original's scripts prepare inside of the one container, and their last command's exit code is their own. */
function original({ strict, ...options }: DockerOptions, { image }: Launch): Partial<Settings> {
  return {
    'docker-args': [...strict['docker-args'], ...options['docker-args']],
    env: { ...options.env, ...strict.env },
    before: [...options.before, ...strict.before],
    after: [...options.after, ...strict.after],
    ...(strict['image-as-written'] && image !== undefined ? { image } : {}),
    'container-name': 'bmk-server',
    'pass-env': strict['pass-env'],
    prepare: [],
    cleanup: {},
  };
}
