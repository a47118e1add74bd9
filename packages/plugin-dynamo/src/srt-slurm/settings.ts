import { SweeplineError, z, type Cluster } from '@sweepline/core';

/** Key for srtctl's facts in a cluster's `settings:`. */
export const SETTINGS_KEY = 'srt-slurm';

const text = z.string().min(1);
const oneOf = z.union([text, z.array(text)]).optional();
const env = z.record(z.string(), z.string()).default({});

/** The jobs that an entry applies to; a missing field matches any job. */
const match = z.strictObject({ framework: oneOf, 'model-prefix': oneOf, precision: oneOf }).default({});

/** Location of a job's image as a squash file. */
const image = z.union([
  z.strictObject({
    match,
    /** Folder of files named after images; `joiner` replaces each of `/:@#` in their names. */
    folder: text,
    joiner: text,
    /** Part of an image's name that its file name omits. */
    without: text.optional(),
  }),
  z.strictObject({
    match,
    /** One file for all images. */
    file: text,
    /** Its name in recipes. */
    container: text,
  }),
]);

const model = z.strictObject({
  match,
  /** Folder on the cluster. */
  path: text,
  /** Its names in recipes. */
  names: z.array(z.string()).min(1),
  /** Variables for srtctl about it. */
  env,
});

/** What `srtctl apply` needs to know about a cluster: `settings: {srt-slurm: …}` in configs/clusters.yaml. */
export const srtSlurmSettings = z.strictObject({
  account: text,
  partition: text,
  /** Slurm's H:MM:SS. */
  'time-limit': z.string().regex(/^\d+:\d{2}:\d{2}$/, 'a time such as "4:00:00", in quotes'),
  'gpus-per-node': z.number().int().positive(),
  'network-interface': z.string().default(''),
  /** Architecture of its nodes, for which srt-slurm's tools are built. */
  arch: z.enum(['x86_64', 'aarch64']),
  /** Variables for srtctl, in addition to those of the model. */
  env,
  tags: z.array(text),
  /** The original's tags, if they describe jobs wrongly. */
  'original-tags': z.array(text).optional(),
  /** More arguments of `srtctl apply`, by framework. */
  arguments: z.record(z.string(), z.array(text)).default({}),
  /** The command that runs `enroot import` on a node; without it, squash files must exist. */
  import: z.array(text).optional(),
  images: z.array(image).min(1),
  /** Other images that recipes use, which must also be imported. */
  'more-images': z.array(text).default([]),
  /** Squash files by their names in recipes. */
  containers: z.record(z.string(), z.string()),
  models: z.array(model).min(1),
  /** Frameworks whose jobs need a recipe file. */
  'needs-config-file': z.array(text).default([]),
  /** More members of srtslurm.yaml. */
  srtslurm: z.record(z.string(), z.unknown()).default({}),
});

export type SrtSlurmSettings = z.output<typeof srtSlurmSettings>;
export type SrtSlurmImage = z.output<typeof image>;
export type SrtSlurmModel = z.output<typeof model>;
export type SrtSlurmMatch = z.output<typeof match>;

/** Undefined for clusters without these settings. @throws {SweeplineError} CONFIG_INVALID */
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
