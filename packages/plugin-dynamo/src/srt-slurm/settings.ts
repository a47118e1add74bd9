import { SweeplineError, z, type Cluster } from '@sweepline/core';

/** Key of a cluster's `settings:` that srtctl's facts are under. */
export const SETTINGS_KEY = 'srt-slurm';

const text = z.string().min(1);
const oneOf = z.union([text, z.array(text)]).optional();
const env = z.record(z.string(), z.string()).default({});

/** Jobs that an entry is for; what is left out is any. */
const match = z.strictObject({ framework: oneOf, 'model-prefix': oneOf, precision: oneOf }).default({});

/** Where a job's image is as a squash file. */
const image = z.union([
  z.strictObject({
    match,
    /** Folder of files named after images, in whose names `joiner` stands for each of `/:@#`. */
    folder: text,
    joiner: text,
    /** Part of an image's name that its file's lacks. */
    without: text.optional(),
  }),
  z.strictObject({
    match,
    /** A file that stands for all images. */
    file: text,
    /** What recipes call it. */
    container: text,
  }),
]);

const model = z.strictObject({
  match,
  /** Folder on the cluster. */
  path: text,
  /** Names that recipes call it by. */
  names: z.array(z.string()).min(1),
  /** What srtctl is to find in its environment about it. */
  env,
});

/** What `srtctl apply` takes to know of a cluster: `settings: {srt-slurm: …}` in configs/clusters.yaml. */
export const srtSlurmSettings = z.strictObject({
  account: text,
  partition: text,
  /** Slurm's H:MM:SS. */
  'time-limit': z.string().regex(/^\d+:\d{2}:\d{2}$/, 'a time such as "4:00:00", in quotes'),
  'gpus-per-node': z.number().int().positive(),
  'network-interface': z.string().default(''),
  /** Of its nodes; what srt-slurm's tools are built for. */
  arch: z.enum(['x86_64', 'aarch64']),
  /** Set for srtctl, besides what the model needs. */
  env,
  tags: z.array(text),
  /** The original's, where it says something else of jobs than they are. */
  'original-tags': z.array(text).optional(),
  /** More arguments of `srtctl apply`, by framework. */
  arguments: z.record(z.string(), z.array(text)).default({}),
  /** What runs `enroot import` on a node; without it squash files are taken to be there. */
  import: z.array(text).optional(),
  images: z.array(image).min(1),
  /** Images that recipes use in addition to the job's, which must be imported as well. */
  'more-images': z.array(text).default([]),
  /** Squash files by what recipes call them. */
  containers: z.record(z.string(), z.string()),
  models: z.array(model).min(1),
  /** Frameworks whose jobs can't do without a recipe file. */
  'needs-config-file': z.array(text).default([]),
  /** More members of srtslurm.yaml. */
  srtslurm: z.record(z.string(), z.unknown()).default({}),
});

export type SrtSlurmSettings = z.output<typeof srtSlurmSettings>;
export type SrtSlurmImage = z.output<typeof image>;
export type SrtSlurmModel = z.output<typeof model>;
export type SrtSlurmMatch = z.output<typeof match>;

/** Undefined outside of clusters that have them. @throws {SweeplineError} CONFIG_INVALID */
export function srtSlurmSettingsOf(cluster: Cluster | undefined): SrtSlurmSettings | undefined {
  const given = cluster?.settings[SETTINGS_KEY];
  if (given === undefined) return undefined;
  const parsed = srtSlurmSettings.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new SweeplineError(
    'CONFIG_INVALID',
    `cluster ${cluster?.name ?? ''}: settings.${SETTINGS_KEY}: ${problems.join('; ')}`,
  );
}
