import { z } from 'zod';

export const RUN_SCHEMA = 'sweepline.run/2';
/** Of the versions that are read. */
export const runVersionSchema = z
  .enum(['sweepline.run/1', RUN_SCHEMA])
  .describe('Kind and version of this file.');

const text = z.string();
const time = z.iso.datetime();

/** A metric's column, for reports made long after from files alone. */
export const outputSchema = z.object({
  metric: text.optional().describe('Name of the plugin that gives it.'),
  key: text.describe("Its key in a result's `metrics`."),
  label: text.describe('Its name in tables.'),
  unit: text.describe('Its unit, such as ms or tokens/s.'),
  better: z.enum(['lower', 'higher', 'neither']).describe('Which values are better.'),
  definition: text.describe('What it is, and the source of that.'),
  level: text
    .optional()
    .describe(
      "`raw`: rows have it by InferenceX's rule only; `row`, the default: rows have it by its key as well.",
    ),
});

/** A process, so that another one that gets its number later isn't taken for it. */
export const ownerSchema = z.object({
  pid: z.number().int().positive().describe('Its number.'),
  host: text.describe('Name of its machine.'),
  kernel: text
    .optional()
    .describe('The boot and the process namespace that the number belongs to; Linux only.'),
  start: text.optional().describe('Clock ticks from the boot to its start; Linux only.'),
});

/** The content of `run.json`: a sweep as a whole. */
export const runSchema = z.object({
  schema: runVersionSchema,
  id: text.describe("Name of the run's folder when it was made."),
  sweepline: text.describe("Sweepline's version."),
  startedAt: time.describe('When it was begun; UTC, ISO 8601.'),
  finishedAt: time.optional().describe('When it had ended; UTC, ISO 8601. Missing while it runs.'),
  state: z
    .enum(['running', 'finished', 'interrupted', 'failed'])
    .describe('`failed`: it ended early, and nobody interrupted it. `finished`: also if points failed.'),
  reason: text.optional().describe('Why it ended early.'),
  configFiles: z.array(text).describe('Files that its points are from.'),
  points: z.number().int().nonnegative().describe('How many points it has.'),
  pointNames: z
    .array(text)
    .optional()
    .describe('Names of the points, in the order in which they are measured.'),
  process: ownerSchema.optional().describe('What measures them.'),
  outputs: z.array(outputSchema).describe('The metrics of its results.'),
});

export type RunInfo = z.output<typeof runSchema>;
export type Owner = z.output<typeof ownerSchema>;
