import { join } from 'node:path';
import { isThere, loadConfigFile, z } from '@sweepline/core';

/** configs/ci.yaml: what continuous operation needs to know of a fleet. All of it has a default. */
export const settingsSchema = z.strictObject({
  changelog: z
    .string()
    .min(1)
    .default('perf-changelog.yaml')
    .describe('The changelog whose entries ask for sweeps.'),
  configs: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("Configs that entries name; default: the workspace's default-configs."),
  'minutes-per-point': z
    .number()
    .positive()
    .default(30)
    .describe('How long a point takes, its server included.'),
  'enqueue-hours': z
    .number()
    .positive()
    .max(23)
    .default(20)
    .describe(
      'What its machines would not begin within this time waits for the next run: GitHub cancels jobs after 24 h.',
    ),
  'row-hours': z.number().positive().max(110).default(24).describe('The longest that one job may take.'),
  'history-runs': z.number().int().positive().default(50).describe('Runs that are kept to compare with.'),
  runners: z
    .record(z.string(), z.number().int().positive())
    .default({})
    .describe('Machines by runner label; default: 1.'),
});

export type Settings = z.output<typeof settingsSchema>;

/** @throws {SweeplineError} CONFIG_SYNTAX or CONFIG_INVALID */
export async function loadSettings(root: string): Promise<Settings> {
  const file = join(root, 'configs', 'ci.yaml');
  return (await isThere(file)) ? loadConfigFile(file, settingsSchema) : settingsSchema.parse({});
}

/** What of configs/sweepline.yaml is read here; core checks the file. */
const workspaceSchema = z.looseObject({ 'default-configs': z.array(z.string()).default([]) });

/** Configs that entries of the changelog name; none: where InferenceX has them. */
export async function configsOf(root: string, { configs }: Settings): Promise<readonly string[]> {
  if (configs !== undefined) return configs;
  const workspace = await loadConfigFile(join(root, 'configs', 'sweepline.yaml'), workspaceSchema);
  return workspace['default-configs'];
}
