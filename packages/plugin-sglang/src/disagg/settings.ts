import { SweeplineError, z, type Cluster, type Worker } from '@sweepline/core';

/** Key of this framework in a cluster's `settings:`. */
export const CLUSTER_KEY = 'sglang-disagg';

/** What a submission needs to know about a cluster: `settings: {sglang-disagg: …}` in configs/clusters.yaml. */
export const disaggClusterSettings = z.strictObject({
  /** The repository with submit_disagg.sh, from which its recorded commits are fetched. */
  repository: z.string().min(1),
  partition: z.string().min(1),
  /** Slurm account. Default: the name of the user. */
  account: z.string().min(1).optional(),
  'job-name': z.string().min(1),
  /** Slurm's H:MM:SS. */
  'time-limit': z.string().regex(/^\d+:\d{2}:\d{2}$/, 'a time such as "08:00:00", in quotes'),
  /** Folder on its nodes with the models' folders. */
  'model-path': z.string().min(1),
  /** Folders of models in there, by the config's `model:`, if they differ from those in the scripts. */
  'model-names': z.record(z.string(), z.string().min(1)).default({}),
});

export type DisaggClusterSettings = z.output<typeof disaggClusterSettings>;

export function hasSettings(cluster: Cluster | undefined): boolean {
  return cluster?.settings[CLUSTER_KEY] !== undefined;
}

/** @throws {SweeplineError} CONFIG_INVALID for missing or wrong settings. */
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

/** The value of one of a worker's `additional-settings:`, which have the form `NAME=value`. */
export function settingOf(worker: Worker, name: string): string | undefined {
  const found = worker['additional-settings']?.find((setting) => setting.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}
