import { SweeplineError } from '../../errors.js';
import type { DockerAccess } from '../../plugin/cluster.js';
import type { PrintedCommand } from '../print.js';
import {
  besideEachOther,
  cleanup,
  configured,
  filled,
  WORKDIR,
  type Launch,
  type LaunchCommand,
} from './launch.js';

/** `docker run` of each process. @throws {SweeplineError} PLAN_UNSUPPORTED for plans of several nodes. */
export function dockerCommands(launch: Launch, access: DockerAccess): readonly LaunchCommand[] {
  if (launch.nodes > 1) {
    const message = `the launcher docker reaches one node, and the plan needs ${launch.nodes}`;
    throw new SweeplineError('PLAN_UNSUPPORTED', message);
  }
  const { strict, prepare, processes } = launch;
  return [
    ...configured(launch, [...access.before, ...(strict ? access.strict.before : [])]),
    // The original's script prepares inside of the one container.
    ...(strict ? [] : prepare.map((command) => onNode(launch, access, command, 'prepare'))),
    ...besideEachOther(processes.map((process) => onNode(launch, access, process, process.role))),
    ...cleanup(launch, [...access.after, ...(strict ? access.strict.after : [])]),
  ];
}

function onNode(
  launch: Launch,
  access: DockerAccess,
  { argv, env }: PrintedCommand,
  name: string,
): LaunchCommand {
  const { image, strict } = launch;
  if (image === undefined) return { argv, env };
  const hashKept = strict && access.strict['image-as-written'];
  const run = [
    ...['docker', 'run', '--rm', ...(strict ? access.strict['docker-args'] : ['--init'])],
    ...[...access['docker-args'], '--network=host', `--name=${strict ? 'bmk-server' : `sweepline-${name}`}`],
    ...launch.hardware.docker,
    ...mountsOf(launch, access).flatMap((mount) => ['-v', mount]),
    ...['-w', WORKDIR],
    ...environment(launch, access, env).flatMap((variable) => ['-e', variable]),
    // Without an entrypoint the plan's own command is run, whatever the image has.
    '--entrypoint=',
    hashKept ? image : image.replace('#', '/'),
  ];
  return { argv: [...run, ...argv], env: {} };
}

function mountsOf(launch: Launch, access: DockerAccess): readonly string[] {
  const cache = access['hf-cache'];
  return [
    ...(cache === undefined ? [] : [`${launch.fill(cache)}:${access['hf-cache-inside']}`]),
    `${launch.workspace}:${WORKDIR}`,
    ...Object.entries(access.mounts).map(([from, to]) => `${launch.fill(from)}:${to}`),
  ];
}

/** Variables by name alone have the caller's value: secrets are never told on a command line. */
function environment(
  launch: Launch,
  access: DockerAccess,
  env: Readonly<Record<string, string>>,
): readonly string[] {
  const { strict, hardware } = launch;
  const values = {
    ...(strict || access['hf-cache'] === undefined ? {} : { HF_HUB_CACHE: access['hf-cache-inside'] }),
    ...filled(launch, { ...access.env, ...(strict ? access.strict.env : {}) }),
    ...hardware.env,
    ...env,
  };
  const names = strict ? access.strict['pass-env'] : ['HF_TOKEN'];
  return [
    ...names.filter((name) => !(name in values)),
    ...Object.entries(values).map(([name, value]) => `${name}=${value}`),
  ];
}
