import { z } from 'zod';
import { flag, text, wholeAboveZero } from '../config/schema/common.js';
import { template } from './placeholders.js';

const variable = text.regex(/^[A-Za-z_]\w*$/, { error: 'expected the name of an environment variable' });
const environment = z.record(variable, template);
const command = z.array(template).min(1, { error: 'expected a program and its arguments' });

/** What the schemas of launchers' options are made of: each says what it expects in the words of core's own schemas. */
export const optionField = {
  /** Text that isn't empty. */
  text,
  flag,
  wholeAboveZero,
  /** Text with placeholders of clusters. */
  template,
  /** The name of an environment variable. */
  variable,
  /** Values by variable, with placeholders. */
  environment,
  /** A list of argument arrays, with placeholders; default empty. */
  commands: z.array(command).default([]),
} as const;

const { commands } = optionField;

/** Options that launchers of containers have in common. */
export const containerFields = {
  'hf-cache': template
    .refine((path) => !path.includes('{hf-cache}'), { error: 'expected a folder without {hf-cache} in it' })
    .optional()
    .describe("Folder on the node with Hugging Face's cache; mounted."),
  'hf-cache-inside': text
    .default('/mnt/hf_hub_cache/')
    .describe('Where containers see that cache, as HF_HUB_CACHE says; default /mnt/hf_hub_cache/.'),
  mounts: z
    .record(template, text)
    .default({})
    .describe('More folders that are mounted: on the node, and inside.'),
  env: environment.default({}).describe('Environment inside of containers.'),
  before: commands.describe('Commands before all others.'),
  after: commands.describe('Commands at the end, however the job went.'),
} as const;

/** What the `strict` block of such a launcher has in any case: what `--compat strict` does beyond. */
export const strictFields = {
  env: environment
    .default({})
    .describe('Environment that the launch script sets, in addition to the env of the cluster.'),
  before: commands.describe('Commands before all others.'),
  after: commands.describe("Commands at the end, whose exit code the launch script's is."),
} as const;

export type ContainerOptions = Readonly<z.output<z.ZodObject<typeof containerFields>>>;
