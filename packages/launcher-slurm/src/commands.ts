import { asCommands, atOnce, type Launch, type LaunchCommand, type LaunchProcess } from '@sweepline/core';
import { allocationArgs, submitArgv } from './allocation.js';
import type { SlurmOptions } from './options.js';
import { settingsOf, type Settings } from './settings.js';
import { inJob, step } from './step.js';

const JOB = '{job-id}';

/** Waits for the nodes, and fails where there will be none; its argument is the job. */
const WAIT =
  'while :; do case $(squeue -h -j "$1" -o %T) in RUNNING) exit;; PENDING | CONFIGURING) sleep 5;; *) exit 1;; esac; done';

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
  const where = allocationArgs({ ...settings, nodes: launch.nodes }, settings);
  return launch.processes.map((process) => step(launch, settings, process, where));
}

function inAllocation(launch: Launch, settings: Settings): readonly LaunchCommand[] {
  const folders = Object.keys(settings['temp-mounts']);
  const onNode = [...settings['on-node'], ...(settings['make-image'] ?? [])];
  return [
    ...(settings['holds-by-sbatch'] ? submit(launch, settings) : allocate(launch, settings)),
    ...asCommands(folders.map((folder) => [...settings['make-folder'], folder])),
    ...asCommands(onNode.map((argv) => ['srun', inJob(JOB), ...argv])),
    ...steps(launch, settings),
    ...asCommands(folders.map((folder) => [...settings['remove-folder'], folder])),
    ...asCommands([['scancel', JOB]], settings.cleanup),
  ];
}

function submit({ nodes }: Launch, settings: Settings): readonly LaunchCommand[] {
  const argv = submitArgv({ ...settings, token: '{token}', nodes }, settings);
  return [{ argv, env: {}, prints: 'job-id' }, ...asCommands([['sh', '-c', WAIT, 'wait', JOB]])];
}

function allocate({ nodes }: Launch, settings: Settings): readonly LaunchCommand[] {
  const name = settings['job-name'];
  const salloc = [
    'salloc',
    ...allocationArgs({ ...settings, nodes }, settings),
    ...settings['allocation-args'],
    '--no-shell',
    ...(name === undefined ? [] : [`--job-name=${name}`]),
  ];
  const squeue = ['squeue', ...settings['find-args'], '-h', '-o', '%A'];
  return [...asCommands([salloc]), { argv: squeue, env: {}, prints: 'job-id' }];
}

function steps(launch: Launch, settings: Settings): readonly LaunchCommand[] {
  const first = { role: 'prepare', node: 0, nodes: 1, ranksPerNode: 1 };
  const asStep = (process: LaunchProcess): LaunchCommand => step(launch, settings, process, [inJob(JOB)]);
  return [
    ...settings.prepare.map((command) => asStep({ ...first, ...command })),
    ...atOnce(launch.processes.map(asStep)),
  ];
}
