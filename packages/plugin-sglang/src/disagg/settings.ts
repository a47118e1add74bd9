import { SweeplineError, z, type Cluster, type Worker } from '@sweepline/core';

/** Key of a cluster's `settings:` that is this framework's. */
export const CLUSTER_KEY = 'sglang-disagg';

/** What submitting a job takes to know of a cluster: `settings: {sglang-disagg: …}` in configs/clusters.yaml. */
export const disaggClusterSettings = z.strictObject({
  /** The repository with submit_disagg.sh, which its recorded commits are fetched from. */
  repository: z.string().min(1),
  partition: z.string().min(1),
  /** Slurm account; by default the name of the user. */
  account: z.string().min(1).optional(),
  'job-name': z.string().min(1),
  /** Slurm's H:MM:SS. */
  'time-limit': z.string().regex(/^\d+:\d{2}:\d{2}$/, 'a time such as "08:00:00", in quotes'),
  /** Folder on its nodes that the models' folders are in. */
  'model-path': z.string().min(1),
  /** Folders of models in there, by the config's `model:`, where they are not those that the scripts name. */
  'model-names': z.record(z.string(), z.string().min(1)).default({}),
});

export type DisaggClusterSettings = z.output<typeof disaggClusterSettings>;

export function hasSettings(cluster: Cluster | undefined): boolean {
  return cluster?.settings[CLUSTER_KEY] !== undefined;
}

/** @throws {SweeplineError} CONFIG_INVALID for settings that are missing or wrong. */
export function settingsOf(cluster: Cluster | undefined): DisaggClusterSettings {
  const given = cluster?.settings[CLUSTER_KEY];
  const parsed = disaggClusterSettings.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new SweeplineError(
    'CONFIG_INVALID',
    `cluster ${cluster?.name ?? ''}: settings.${CLUSTER_KEY}: ${problems.join('; ')}`,
  );
}

/** Value of a worker's `additional-settings:`, which are `NAME=value`. */
export function settingOf(worker: Worker, name: string): string | undefined {
  const found = worker['additional-settings']?.find((setting) => setting.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}
