import { CONTAINER_WORKDIR, type Launch, type LaunchCommand, type LaunchProcess } from '@sweepline/core';
import type { Settings } from './settings.js';

/** `srun` of a process; with an image in a container of pyxis. `where`: the allocation, or what allocates. */
export function step(
  launch: Launch,
  settings: Settings,
  process: LaunchProcess,
  where: readonly string[],
): LaunchCommand {
  const env = { ...settings.env, ...launch.deviceSettings.env, ...process.env };
  const exported = settings['env-in-export'] ? settings.env : {};
  return {
    argv: [
      'srun',
      ...where,
      ...placement(launch, process),
      ...containerFlags(launch, settings, Object.keys(env)),
      ...settings['srun-args'],
      `--export=${['ALL', ...Object.entries(exported).map(([name, value]) => `${name}=${value}`)].join(',')}`,
      ...process.argv,
    ],
    env: Object.fromEntries(Object.entries(env).filter(([name]) => !(name in exported))),
  };
}

/** Steps at the same time share the allocation; each gets its node, as those of one plan know theirs by number. */
function placement(launch: Launch, { node, nodes, ranksPerNode }: LaunchProcess): readonly string[] {
  if (launch.nodes === 1 && launch.processes.length === 1) return [];
  const spans = nodes > 1 ? [`--ntasks-per-node=${ranksPerNode}`, '--mpi=pmix'] : ['--ntasks=1'];
  return ['--overlap', `--nodes=${nodes}`, ...spans, `--relative=${node}`];
}

function containerFlags(launch: Launch, settings: Settings, variables: readonly string[]): readonly string[] {
  const { image, 'container-name': name } = settings;
  if (image === undefined) return [];
  const flags = [
    `--container-image=${image}`,
    ...(name === undefined ? [] : [`--container-name=${name}`]),
    `--container-mounts=${mountsOf(launch, settings).join(',')}`,
    settings['mount-home'] ? '--container-mount-home' : '--no-container-mount-home',
    ...(settings['remap-root'] ? ['--container-remap-root'] : []),
    ...(settings.writable ? ['--container-writable'] : []),
    `--container-workdir=${CONTAINER_WORKDIR}`,
    '--no-container-entrypoint',
    ...(settings['env-before-image'] && variables.length > 0
      ? [`--container-env=${variables.join(',')}`]
      : []),
    ...launch.deviceSettings.pyxis,
  ];
  return [...new Set(flags)];
}

function mountsOf({ workspace }: Launch, settings: Settings): readonly string[] {
  const { 'hf-cache': cache, 'hf-cache-inside': inside, mounts, 'temp-mounts': temporary } = settings;
  return [
    `${workspace}:${CONTAINER_WORKDIR}`,
    ...(cache === undefined ? [] : [`${cache}:${inside}`]),
    ...[...Object.entries(mounts), ...Object.entries(temporary)].map(([from, to]) => `${from}:${to}`),
  ];
}
