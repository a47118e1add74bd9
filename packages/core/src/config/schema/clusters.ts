import { z } from 'zod';
import { flag, text, wholeAboveZero } from './common.js';

/** What texts of a cluster may leave open until a job and its node are known. */
export const CLUSTER_PLACEHOLDERS = [
  'workspace',
  'user',
  'user-suffix',
  'uid',
  'hostname',
  'node',
  'node-suffix',
  'job-id',
  'image-name',
  'image-plus',
  'port',
  'hf-cache',
] as const;

const SLOT = /\{([^{}]*)\}/g;
const isKnown = (name: string): boolean => CLUSTER_PLACEHOLDERS.some((known) => known === name);

const template = text.refine((value) => [...value.matchAll(SLOT)].every(([, name = '']) => isKnown(name)), {
  error: `expected no placeholders but ${CLUSTER_PLACEHOLDERS.map((name) => `{${name}}`).join(', ')}`,
});
const name = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const kebab = text.regex(name, { error: 'expected a name in lower case, such as h200' });
const variable = text.regex(/^[A-Za-z_]\w*$/, { error: 'expected the name of an environment variable' });
const environment = z.record(variable, template);
const command = z.array(template).min(1, { error: 'expected a program and its arguments' });
const commands = z.array(command).default([]);
const matches = z
  .array(
    z.strictObject({
      model: text.optional().describe("The config's model."),
      framework: text.optional().describe("The config's framework."),
    }),
  )
  .default([]);

/** What `--compat strict` does beyond, for both launchers. */
const strictFields = {
  env: environment
    .default({})
    .describe('Environment that the launch script sets; beside the env of the cluster.'),
  before: commands.describe('Commands before all others.'),
  after: commands.describe("Commands at the end, whose exit code the launch script's is."),
};

const common = {
  sku: kebab.describe('Name of the SKU, as a hardware plugin has it.'),
  runners: z
    .array(text)
    .default([])
    .describe('Labels that its nodes serve. A label means the first cluster that serves it.'),
  'hf-cache': template.optional().describe("Folder on the node with Hugging Face's cache; mounted."),
  'hf-cache-inside': text
    .default('/mnt/hf_hub_cache/')
    .describe('Where containers see that cache, as HF_HUB_CACHE says; default /mnt/hf_hub_cache/.'),
  mounts: z
    .record(template, text)
    .default({})
    .describe('More folders that are mounted: on the node, and inside.'),
  port: z
    .enum(['fixed', 'user-last-digit', 'node-last-digit'])
    .default('fixed')
    .describe(
      'Port of servers: 8888, to which the last digit of the user or of the node is added if nodes are shared.',
    ),
  env: environment.default({}).describe('Environment inside of containers.'),
  before: commands.describe('Commands before all others.'),
  after: commands.describe('Commands at the end, however the job went.'),
  settings: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('What framework plugins want to know, by a key of theirs; each checks its own.'),
};

const docker = z.strictObject({
  ...common,
  launcher: z.literal('docker').describe('Containers are started by `docker run` on the node.'),
  'docker-args': z.array(text).default([]).describe('More arguments of `docker run`.'),
  strict: z
    .strictObject({
      ...strictFields,
      'docker-args': z.array(text).default([]).describe('More arguments of `docker run`.'),
      'pass-env': z
        .array(variable)
        .default([])
        .describe('Variables of the job that containers get, by name.'),
      'image-as-written': flag
        .default(false)
        .describe('The image keeps the # that other tools want after the registry.'),
    })
    .prefault({})
    .describe('What is different with `--compat strict`.'),
});

const slurm = z.strictObject({
  ...common,
  launcher: z.literal('slurm').describe('Nodes are allocated by Slurm; pyxis and enroot run containers.'),
  partition: text.optional().describe('Partition; default: that of the cluster.'),
  account: text.optional().describe('Account that is charged; default: that of the user.'),
  'time-limit': wholeAboveZero.optional().describe('Minutes after which an allocation ends.'),
  exclusive: flag.default(false).describe('Nodes are allocated whole; default false.'),
  'cpus-per-task': wholeAboveZero.optional().describe('CPU cores of an allocation.'),
  'salloc-args': z.array(text).default([]).describe('More arguments of `salloc`.'),
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
        .describe('Environment is told in --export instead of by the caller.'),
      'allocates-by-srun': flag.default(false).describe('One srun allocates and runs the container.'),
      'allocation-name': template.optional().describe('Name of the allocation, by which it is found again.'),
      'on-node': commands.describe('Commands in the allocation, before the image is made.'),
    })
    .prefault({})
    .describe('What is different with `--compat strict`.'),
});

/** configs/clusters.yaml: clusters by name, in the order in which labels look for one. */
export const clustersSchema = z
  .record(
    text.regex(name, { error: 'expected a name in lower case without underscores' }),
    z.discriminatedUnion('launcher', [docker, slurm]),
  )
  .describe('Clusters by name: that of their nodes up to the first underscore.');

export type ClustersConfig = z.output<typeof clustersSchema>;
