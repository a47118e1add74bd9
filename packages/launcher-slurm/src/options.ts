import { containerFields, optionField, strictFields, z } from '@sweepline/core';

const { commands, flag, template, text, wholeAboveZero } = optionField;

const matches = z
  .array(
    z.strictObject({
      model: text.optional().describe("The config's model."),
      framework: text.optional().describe("The config's framework."),
    }),
  )
  .default([]);

/** What an entry of configs/clusters.yaml with `launcher: slurm` has in addition to the fields of every cluster. */
export const slurmOptions = z.strictObject({
  ...containerFields,
  partition: text.optional().describe('Partition; default: that of the cluster.'),
  account: text.optional().describe('Account that is charged; default: that of the user.'),
  'time-limit': wholeAboveZero.optional().describe('Minutes after which an allocation ends.'),
  exclusive: flag.default(false).describe('Nodes are allocated whole; default false.'),
  'cpus-per-task': wholeAboveZero.optional().describe('CPU cores of an allocation.'),
  'exclude-nodes': z
    .array(text)
    .default([])
    .describe("Nodes that are not allocated, by Slurm's names: n3, or n[3-5]."),
  'allocation-args': z
    .array(text)
    .default([])
    .describe('More arguments of `sbatch`; with --compat strict, of `salloc`.'),
  'node-folder': template
    .default('/tmp/sweepline-{user}')
    .describe(
      "Folder on each node's own disk for Sweepline's programs, which stay, and for the files of a run; default /tmp/sweepline-{user}.",
    ),
  'srun-args': z.array(text).default([]).describe('More arguments of `srun` for containers.'),
  'temp-mounts': z
    .record(template.regex(/XXXXXX/, { error: 'expected a path with XXXXXX in it' }), text)
    .default({})
    .describe('Folders made for a job and removed after it; XXXXXX in the path becomes its own.'),
  squash: template
    .optional()
    .describe('File with the image for enroot; without it pyxis gets the image by itself.'),
  unsquashed: matches.describe(
    'Jobs whose image pyxis gets by itself nevertheless; all fields given have to agree.',
  ),
  import: z
    .enum(['always', 'never'])
    .default('always')
    .describe(
      'Whether the squash file is made from the image where it is missing or broken; default always.',
    ),
  'import-anew': matches.describe('Jobs for which the squash file is always made anew.'),
  sudo: flag.default(false).describe('Squash files are made with sudo; default false.'),
  'container-name': template
    .optional()
    .describe('Name under which pyxis keeps the container for later jobs.'),
  'mount-home': flag.default(false).describe("The user's home is mounted; default false."),
  'remap-root': flag.default(false).describe('The user is root inside; default false.'),
  writable: flag.default(false).describe('The file system inside can be written to; default false.'),
  strict: z
    .strictObject({
      ...strictFields,
      'env-in-export': flag
        .default(false)
        .describe('Environment variables go in --export instead of coming from the caller.'),
      'allocates-by-srun': flag.default(false).describe('One srun allocates and runs the container.'),
      'allocation-name': template.optional().describe('Name of the allocation, by which it is found again.'),
      'on-node': commands.describe('Commands in the allocation, before the image is made.'),
    })
    .prefault({})
    .describe('What is different with `--compat strict`.'),
});

export type SlurmOptions = z.output<typeof slurmOptions>;

/** By what rules choose jobs. */
export interface JobNames {
  readonly model?: string;
  readonly framework?: string;
}

/** Jobs with this model and framework; what is left out is any. */
export type JobMatch = SlurmOptions['unsquashed'][number];
