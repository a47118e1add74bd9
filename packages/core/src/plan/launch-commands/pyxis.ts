import type { SlurmAccess } from '../../plugin/cluster.js';
import { imageSource } from './squash.js';
import { filled, WORKDIR, type Launch, type LaunchCommand, type LaunchProcess } from './launch.js';
import { temporaryPath } from './temporary.js';

/** `srun` of a process; with an image in a container. */
export function pyxisCommand(
  launch: Launch,
  access: SlurmAccess,
  process: LaunchProcess,
  where: readonly string[],
): LaunchCommand {
  const { strict, image } = launch;
  const env = environment(launch, access, process);
  const told = strict && access.strict['env-in-export'] ? env.cluster : {};
  const container = image === undefined ? [] : containerFlags(launch, access, Object.keys(env.all));
  const exported = Object.entries(told).map(([name, value]) => `,${name}=${value}`);
  return {
    argv: [
      'srun',
      ...where,
      ...placement(launch, process),
      ...container,
      ...access['srun-args'],
      `--export=ALL${exported.join('')}`,
      ...process.argv,
    ],
    env: Object.fromEntries(Object.entries(env.all).filter(([name]) => !(name in told))),
  };
}

/** Steps beside each other share the allocation; each is told its node, as those of one plan know theirs by number. */
function placement(launch: Launch, { node, nodes, ranksPerNode }: LaunchProcess): readonly string[] {
  if (launch.nodes === 1 && launch.processes.length === 1) return [];
  const spans = nodes > 1 ? [`--ntasks-per-node=${ranksPerNode}`, '--mpi=pmix'] : ['--ntasks=1'];
  return ['--overlap', `--nodes=${nodes}`, ...spans, `--relative=${node}`];
}

function containerFlags(launch: Launch, access: SlurmAccess, names: readonly string[]): readonly string[] {
  const { strict, fill, hardware } = launch;
  const name = access['container-name'] ?? (sharesContainer(launch) ? 'sweepline-{job-id}' : undefined);
  const flags = [
    `--container-image=${imageSource(launch, access)}`,
    ...(name === undefined ? [] : [`--container-name=${fill(name)}`]),
    `--container-mounts=${mountsOf(launch, access).join(',')}`,
    access['mount-home'] ? '--container-mount-home' : '--no-container-mount-home',
    ...(access['remap-root'] ? ['--container-remap-root'] : []),
    ...(access.writable ? ['--container-writable'] : []),
    `--container-workdir=${WORKDIR}`,
    '--no-container-entrypoint',
    // What the plan sets comes before what the image has.
    ...(strict || names.length === 0 ? [] : [`--container-env=${names.join(',')}`]),
    ...hardware.pyxis,
  ];
  return [...new Set(flags)];
}

/** Downloads go to the cache, which is mounted; what else prepares may change the container that the server gets. */
function sharesContainer({ strict, prepare }: Launch): boolean {
  return !strict && prepare.some(({ argv }) => argv[0] !== 'hf');
}

function mountsOf({ fill, workspace, strict }: Launch, access: SlurmAccess): readonly string[] {
  const { 'hf-cache': cache, 'hf-cache-inside': inside, mounts, 'temp-mounts': temporary } = access;
  return [
    `${workspace}:${WORKDIR}`,
    ...(cache === undefined ? [] : [`${fill(cache)}:${inside}`]),
    ...Object.entries(mounts).map(([from, to]) => `${fill(from)}:${to}`),
    ...Object.entries(temporary).map(([from, to]) => `${fill(temporaryPath(from, strict))}:${to}`),
  ];
}

/** Of the cluster's own, and with what the hardware and the plan add. Told by the caller: values may have commas. */
function environment(launch: Launch, access: SlurmAccess, process: LaunchProcess) {
  const { strict, image, hardware } = launch;
  const cache =
    strict || image === undefined || access['hf-cache'] === undefined
      ? {}
      : { HF_HUB_CACHE: access['hf-cache-inside'] };
  const cluster = filled(launch, { ...(strict ? access.strict.env : {}), ...access.env });
  return { cluster, all: { ...cache, ...cluster, ...hardware.env, ...process.env } };
}
