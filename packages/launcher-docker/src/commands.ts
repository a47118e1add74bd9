import {
  CONTAINER_WORKDIR,
  SweeplineError,
  asCommands,
  atOnce,
  type Launch,
  type LaunchCommand,
  type PrintedCommand,
} from '@sweepline/core';
import type { DockerOptions } from './options.js';
import { settingsOf, type Settings } from './settings.js';

/** `docker run` of each process. @throws {SweeplineError} PLAN_UNSUPPORTED for plans of several nodes. */
export function dockerCommands(launch: Launch<DockerOptions>): readonly LaunchCommand[] {
  if (launch.nodes > 1) {
    const message = `the launcher docker reaches one node, and the plan needs ${launch.nodes}`;
    throw new SweeplineError('PLAN_UNSUPPORTED', message);
  }
  const settings = settingsOf(launch);
  const run = (command: PrintedCommand, role: string): LaunchCommand =>
    dockerRun(launch, settings, command, role);
  return [
    ...asCommands(settings.before),
    ...settings.prepare.map((command) => run(command, 'prepare')),
    ...atOnce(launch.processes.map((process) => run(process, process.role))),
    ...asCommands(settings.after, settings.cleanup),
  ];
}

function dockerRun(
  launch: Launch,
  settings: Settings,
  { argv, env }: PrintedCommand,
  role: string,
): LaunchCommand {
  const { image } = settings;
  if (image === undefined) return { argv, env };
  return {
    argv: [
      ...['docker', 'run', '--rm', ...settings['docker-args']],
      ...['--network=host', `--name=${settings['container-name'].replace('{role}', role)}`],
      ...launch.deviceSettings.docker,
      ...mountsOf(launch, settings).flatMap((mount) => ['-v', mount]),
      ...['-w', CONTAINER_WORKDIR],
      ...environment(launch, settings, env).flatMap((variable) => ['-e', variable]),
      // Without an entrypoint the plan's own command is run, whatever the image has.
      '--entrypoint=',
      image,
      ...argv,
    ],
    env: {},
  };
}

function mountsOf({ workspace }: Launch, settings: Settings): readonly string[] {
  const cache = settings['hf-cache'];
  return [
    ...(cache === undefined ? [] : [`${cache}:${settings['hf-cache-inside']}`]),
    `${workspace}:${CONTAINER_WORKDIR}`,
    ...Object.entries(settings.mounts).map(([from, to]) => `${from}:${to}`),
  ];
}

function environment(
  { deviceSettings }: Launch,
  settings: Settings,
  env: PrintedCommand['env'],
): readonly string[] {
  const values = { ...settings.env, ...deviceSettings.env, ...env };
  return [
    ...settings['pass-env'].filter((name) => !(name in values)),
    ...Object.entries(values).map(([name, value]) => `${name}=${value}`),
  ];
}
