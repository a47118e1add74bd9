import { CONTAINER_WORKDIR, type Launch, type LaunchCommand, type LaunchProcess } from '@sweepline/core';
import type { Settings } from './settings.js';

/** What a step is made from besides the cluster's settings. */
export type StepLaunch = Pick<Launch, 'workspace' | 'deviceSettings'>;
/** A process, where it goes, and what else is special of its container. */
export type StepProcess = Omit<LaunchProcess, 'role'> & { readonly cwd?: string };

/** What says that a step runs in an allocation. */
export function inJob(job: string): string {
  return `--jobid=${job}`;
}

/** `srun` of a process; with an image in a container of pyxis. `where`: the allocation, or what allocates. */
export function step(
  launch: StepLaunch,
  settings: Settings,
  process: StepProcess,
  where: readonly string[],
): LaunchCommand {
  const env = { ...settings.env, ...launch.deviceSettings.env, ...process.env };
  const exported = settings['env-in-export'] ? settings.env : {};
  return {
    argv: [
      'srun',
      ...where,
      ...placement(settings, process),
      ...containerFlags(launch, settings, process, Object.keys(env)),
      ...(settings.image === undefined ? [] : settings['srun-args']),
      `--export=${['ALL', ...Object.entries(exported).map(([name, value]) => `${name}=${value}`)].join(',')}`,
      ...process.argv,
    ],
    env: Object.fromEntries(Object.entries(env).filter(([name]) => !(name in exported))),
  };
}

/** Steps at the same time share the allocation; each gets its node, as those of one plan know theirs by number. */
function placement(
  { overlaps }: Settings,
  { node, nodes, ranksPerNode }: Pick<LaunchProcess, 'node' | 'nodes' | 'ranksPerNode'>,
): readonly string[] {
  if (!overlaps) return [];
  const spans = nodes > 1 ? [`--ntasks-per-node=${ranksPerNode}`, '--mpi=pmix'] : ['--ntasks=1'];
  return ['--overlap', `--nodes=${nodes}`, ...spans, `--relative=${node}`];
}

function containerFlags(
  launch: StepLaunch,
  settings: Settings,
  { cwd = CONTAINER_WORKDIR }: StepProcess,
  variables: readonly string[],
): readonly string[] {
  const { image, 'container-name': name } = settings;
  if (image === undefined) return [];
  const flags = [
    `--container-image=${image}`,
    ...(name === undefined ? [] : [`--container-name=${name}`]),
    `--container-mounts=${mountsOf(launch, settings).join(',')}`,
    settings['mount-home'] ? '--container-mount-home' : '--no-container-mount-home',
    ...(settings['remap-root'] ? ['--container-remap-root'] : []),
    ...(settings.writable ? ['--container-writable'] : []),
    `--container-workdir=${cwd}`,
    '--no-container-entrypoint',
    ...(settings['env-before-image'] && variables.length > 0
      ? [`--container-env=${variables.join(',')}`]
      : []),
    ...launch.deviceSettings.pyxis,
  ];
  return [...new Set(flags)];
}

function mountsOf({ workspace }: StepLaunch, settings: Settings): readonly string[] {
  const { 'hf-cache': cache, 'hf-cache-inside': inside, mounts, 'temp-mounts': temporary } = settings;
  return [
    `${workspace}:${CONTAINER_WORKDIR}`,
    ...(cache === undefined ? [] : [`${cache}:${inside}`]),
    ...[...Object.entries(mounts), ...Object.entries(temporary)].map(([from, to]) => `${from}:${to}`),
  ];
}
