import { asCommands, atOnce, type Launch, type LaunchCommand, type LaunchProcess } from '@sweepline/core';
import type { SlurmOptions } from './options.js';
import { settingsOf, type Settings } from './settings.js';
import { step } from './step.js';

/** What says that a step runs in the allocation. */
const IN_JOB: readonly string[] = ['--jobid={job-id}'];

/** Allocates nodes, makes the squash file on them, and runs each process as a step. */
export function slurmCommands(launch: Launch<SlurmOptions>): readonly LaunchCommand[] {
  const settings = settingsOf(launch);
  return [
    ...asCommands(settings.before),
    ...(settings['allocates-by-srun'] ? inOne(launch, settings) : inAllocation(launch, settings)),
    ...asCommands(settings.after, settings.cleanup),
  ];
}

/** `srun` allocates for its step, and gives the nodes back with it. */
function inOne(launch: Launch, settings: Settings): readonly LaunchCommand[] {
  return launch.processes.map((process) => step(launch, settings, process, allocation(launch, settings)));
}

function inAllocation(launch: Launch, settings: Settings): readonly LaunchCommand[] {
  const folders = Object.keys(settings['temp-mounts']);
  const onNode = [...settings['on-node'], ...(settings['make-image'] ?? [])];
  return [
    ...allocate(launch, settings),
    ...asCommands(folders.map((folder) => [...settings['make-folder'], folder])),
    ...asCommands(onNode.map((argv) => ['srun', ...IN_JOB, ...argv])),
    ...steps(launch, settings),
    ...asCommands([...folders.map((folder) => ['rmdir', folder]), ['scancel', '{job-id}']], settings.cleanup),
  ];
}

function allocate(launch: Launch, settings: Settings): readonly LaunchCommand[] {
  const name = settings['job-name'];
  const salloc = [
    ...['salloc', ...allocation(launch, settings), ...settings['salloc-args'], '--no-shell'],
    ...(name === undefined ? [] : [`--job-name=${name}`]),
  ];
  const squeue = ['squeue', ...settings['find-args'], '-h', '-o', '%A'];
  return [...asCommands([salloc]), { argv: squeue, env: {}, prints: 'job-id' }];
}

function allocation({ nodes }: Launch, settings: Settings): readonly string[] {
  const { partition, account, exclusive, 'cpus-per-task': cores, 'time-limit': minutes } = settings;
  const { devices } = settings;
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

function steps(launch: Launch, settings: Settings): readonly LaunchCommand[] {
  const first = { role: 'prepare', node: 0, nodes: 1, ranksPerNode: 1 };
  const inJob = (process: LaunchProcess): LaunchCommand => step(launch, settings, process, IN_JOB);
  return [
    ...settings.prepare.map((command) => inJob({ ...first, ...command })),
    ...atOnce(launch.processes.map(inJob)),
  ];
}
