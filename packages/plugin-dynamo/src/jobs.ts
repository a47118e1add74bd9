import { isMultiNode, type Job, type PlanContext, type Worker } from '@sweepline/core';
import type { DynamoOptions } from './options.js';
import { SETTINGS_KEY } from './srt-slurm/settings.js';

export type Context = PlanContext<DynamoOptions>;

/** What a worker does: both phases, or one. */
export type WorkerRole = 'server' | 'prefill' | 'decode';

export interface Workers {
  readonly role: WorkerRole;
  readonly worker: Worker;
}

/** The framework for tests of Dynamo itself: its workers only simulate an engine. */
export const MOCKER = 'dynamo-mocker';

/** A job's workers, in the order in which they start. If prefill and decode aren't split, the workers are those in `decode:`. */
export function workersOf(job: Job): readonly Workers[] {
  if (!isMultiNode(job)) return [{ role: 'server', worker: { ...job, 'num-worker': 1 } }];
  if (!job.disagg) return [{ role: 'server', worker: job.decode }];
  return [
    { role: 'prefill', worker: job.prefill },
    { role: 'decode', worker: job.decode },
  ];
}

/** The value of one of a worker's `additional-settings:`, which have the form `NAME=value`. */
export function settingOf(worker: Worker, name: string): string | undefined {
  const found = worker['additional-settings']?.find((setting) => setting.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

/** The srt-slurm recipe for a job. */
export function configFile(job: Job): string | undefined {
  return workersOf(job)
    .map(({ worker }) => settingOf(worker, 'CONFIG_FILE'))
    .find((file) => file !== undefined);
}

/** How a job is launched. The original has only one way. */
export function launchOf({ job, options, strict, cluster }: Context): 'srtctl' | 'native' {
  if (strict) return 'srtctl';
  if (options.launch !== undefined) return options.launch;
  const known = cluster?.settings[SETTINGS_KEY] !== undefined;
  return known && configFile(job) !== undefined ? 'srtctl' : 'native';
}
