import { z } from 'zod';
import { startedForSchema } from './changelog-schema.js';

export const RUN_SCHEMA = 'sweepline.run/2';
/** Accepts all versions that this code reads. */
export const runVersionSchema = z
  .enum(['sweepline.run/1', RUN_SCHEMA])
  .describe('Kind and version of this file.');

const text = z.string();
const time = z.iso.datetime();

export const RUN_STATES = ['running', 'finished', 'interrupted', 'failed'] as const;

/** A metric's column, so that later reports need only the files. */
export const outputSchema = z.object({
  metric: text.optional().describe('Name of the plugin that computes it.'),
  key: text.describe("Its key in a result's `metrics`."),
  label: text.describe('Its name in tables.'),
  unit: text.describe('Its unit, such as ms or tokens/s.'),
  better: z.enum(['lower', 'higher', 'neither']).describe('Which values are better.'),
  definition: text.describe('Its definition, with the source.'),
  level: text
    .optional()
    .describe("`raw`: only in rows by InferenceX's rule; `row`, the default: rows also have it by its key."),
});

/** A process, identified so that a later one with the same number isn't mistaken for it. */
export const ownerSchema = z.object({
  pid: z.number().int().positive().describe('Its number.'),
  host: text.describe('Name of its machine.'),
  kernel: text
    .optional()
    .describe('The boot and the process namespace that the number belongs to; Linux only.'),
  start: text.optional().describe('Clock ticks from the boot to its start; Linux only.'),
  machine: text
    .optional()
    .describe("Digest of the machine's id, which is the same after a restart; missing where it has none."),
});

/** The content of `run.json`: a sweep as a whole. */
export const runSchema = z.object({
  schema: runVersionSchema,
  id: text.describe("Name of the run's folder when it was created."),
  sweepline: text.describe("Sweepline's version."),
  startedAt: time.describe('Start time; UTC, ISO 8601.'),
  finishedAt: time.optional().describe('End time; UTC, ISO 8601. Missing while it runs.'),
  state: z
    .enum(RUN_STATES)
    .describe('`failed`: it ended early without an interrupt. `finished`: even if points failed.'),
  reason: text.optional().describe('Why it ended early, or why points of a finished run have no result.'),
  configFiles: z.array(text).describe('Config files of its points.'),
  points: z.number().int().nonnegative().describe('Number of points.'),
  pointNames: z.array(text).optional().describe('Names of the points, in the order of the configs.'),
  repeats: z
    .object({
      count: z.number().int().min(2).describe('How often each point is measured.'),
      seed: text.describe('From it and the names of the points follows the order in which they begin.'),
    })
    .optional()
    .describe('Missing if each point is measured once.'),
  process: ownerSchema.optional().describe('The process that measures them.'),
  command: z
    .object({
      cwd: text.describe('The folder that it was started in.'),
      arguments: z.array(text).describe('Arguments after `sweep`, for --resume.'),
    })
    .optional()
    .describe('How the sweep was started.'),
  changelog: startedForSchema
    .optional()
    .describe('The entries of the changelog that it was started for, with --since; missing of other runs.'),
  resumedAt: z.array(time).optional().describe('When a later process went on with it; UTC, ISO 8601.'),
  outputs: z.array(outputSchema).describe('The metrics of its results.'),
});

export type RunInfo = z.output<typeof runSchema>;
export type Owner = z.output<typeof ownerSchema>;
