import { isMultiNode } from '../../matrix/job.js';
import type { SlurmAccess } from '../../plugin/cluster.js';
import { pyxisCommand } from './pyxis.js';
import { imageCommands } from './squash.js';
import { temporaryPath } from './temporary.js';
import { besideEachOther, cleanup, configured, type Launch, type LaunchCommand } from './launch.js';

/** Allocates nodes, makes the squash file on them, and runs each process as a step. */
export function slurmCommands(launch: Launch, access: SlurmAccess): readonly LaunchCommand[] {
  const { strict, processes, fill } = launch;
  const own = strict ? access.strict : undefined;
  const before = configured(launch, [...access.before, ...(own?.before ?? [])]);
  const after = cleanup(launch, [...access.after, ...(own?.after ?? [])]);
  if (own?.['allocates-by-srun'] === true) {
    const allocate = allocation(launch, access);
    return [
      ...before,
      ...processes.map((process) => pyxisCommand(launch, access, process, allocate)),
      ...after,
    ];
  }
  const temporary = Object.keys(access['temp-mounts']).map((path) => temporaryPath(path, strict));
  return [
    ...before,
    ...allocate(launch, access),
    ...temporary.map((path) => inJob(launch, strict ? ['mktemp', '-d', path] : ['mkdir', path])),
    ...configured(
      launch,
      (own?.['on-node'] ?? []).map((argv) => ['srun', '--jobid={job-id}', ...argv]),
    ),
    ...imageCommands(launch, access),
    ...steps(launch, access),
    ...cleanup(launch, [...temporary.map((path) => ['rmdir', fill(path)]), ['scancel', '{job-id}']]),
    ...after,
  ];
}

function inJob({ fill }: Launch, argv: readonly string[]): LaunchCommand {
  return { argv: argv.map(fill), env: {} };
}

/** The first line that the second command prints is what `{job-id}` stands for from then on. */
function allocate(launch: Launch, access: SlurmAccess): readonly LaunchCommand[] {
  const { strict, node, user } = launch;
  const named = strict ? access.strict['allocation-name'] : node;
  const name = named === undefined ? undefined : launch.fill(named);
  return [
    {
      argv: [
        'salloc',
        ...allocation(launch, access),
        ...access['salloc-args'],
        '--no-shell',
        ...(name === undefined ? [] : [`--job-name=${name}`]),
      ],
      env: {},
    },
    // By its name: among all of a user's allocations, the first may be another one's.
    {
      argv: [
        'squeue',
        ...(strict ? (name === undefined ? ['-u', user] : []) : ['--me']),
        ...(name === undefined ? [] : [`--name=${name}`]),
        '-h',
        '-o',
        '%A',
      ],
      env: {},
    },
  ];
}

function allocation(launch: Launch, access: SlurmAccess): readonly string[] {
  const { job, strict, nodes } = launch;
  const devices = strict && !isMultiNode(job) ? job.tp : launch.devices;
  const { partition, account, exclusive, 'cpus-per-task': cores, 'time-limit': minutes } = access;
  return [
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(account === undefined ? [] : [`--account=${account}`]),
    ...(nodes > 1 ? [`--nodes=${nodes}`] : []),
    ...(devices === 0 ? [] : [`--gres=gpu:${devices}`]),
    ...(exclusive ? ['--exclusive'] : []),
    ...(cores === undefined ? [] : [`--cpus-per-task=${cores}`]),
    ...(minutes === undefined ? [] : [`--time=${minutes}`]),
  ];
}

/** What runs in the allocation. The original's script prepares inside of the one container. */
function steps(launch: Launch, access: SlurmAccess): readonly LaunchCommand[] {
  const { strict, prepare, processes } = launch;
  const first = { role: 'prepare', node: 0, nodes: 1, ranksPerNode: 1 };
  const step = (process: Launch['processes'][number]): LaunchCommand =>
    pyxisCommand(launch, access, process, ['--jobid={job-id}']);
  return [
    ...(strict ? [] : prepare.map((command) => step({ ...first, ...command }))),
    ...besideEachOther(processes.map(step)),
  ];
}
