import {
  SweeplineError,
  asCommands,
  atOnce,
  type Launch,
  type LaunchCommand,
  type PrintedCommand,
} from '@sweepline/core';
import { containerArguments } from './container-arguments.js';
import type { DockerOptions } from './options.js';
import { settingsOf, type Settings } from './settings.js';

/** `docker run` of each process. @throws {SweeplineError} PLAN_UNSUPPORTED for plans of several nodes. */
export function dockerCommands(launch: Launch<DockerOptions>): readonly LaunchCommand[] {
  if (launch.nodes > 1) {
    const message = `the launcher docker reaches one node, and the plan needs ${launch.nodes}`;
    throw new SweeplineError('PLAN_UNSUPPORTED', message);
  }
  const settings = settingsOf(launch);
  return [
    ...asCommands(settings.before),
    ...settings.prepare.map((command) => dockerRun(settings, command, 'prepare')),
    ...atOnce(launch.processes.map((process) => dockerRun(settings, process, process.role))),
    ...asCommands(settings.after, settings.cleanup),
  ];
}

/** A sweep uses `create` and `start` in the place of `run --rm`, to read how a container ended before it is removed. */
function dockerRun(settings: Settings, { argv, env }: PrintedCommand, role: string): LaunchCommand {
  const { image, program } = settings;
  if (image === undefined) return { argv, env };
  const container = { image, argv, env, name: settings.name.replace('{role}', role) };
  const { args, env: secrets } = containerArguments(container, settings);
  return { argv: [...program, 'run', '--rm', ...args], env: secrets };
}
