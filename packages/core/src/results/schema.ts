import { z } from 'zod';
import { LAYERS } from '../errors.js';
import { deliveredSchema } from '../metrics/delivered.js';
import { markSchema, type Mark } from '../metrics/marks/mark.js';
import { evalSchema } from './evals.js';
import { provenanceSchema } from './provenance-schema.js';

export type { Provenance, Retry } from './provenance-schema.js';
export type { Mark };

/**
 * New members don't change the version, and readers keep members that they don't know. A new version is needed for changes that
 * an older reader would misread: members with a new meaning, and new values of `state` and `severity`.
 */
export const RESULT_SCHEMA = 'sweepline.result/2';
/** Accepts all versions that this code reads. Members that version 1 lacks are optional. */
export const resultVersionSchema = z
  .enum(['sweepline.result/1', RESULT_SCHEMA])
  .describe('Kind and version of this file.');

const text = z.string();
const time = z.iso.datetime();
const file = text.describe("Relative to the point's folder.");

const logFileSchema = z.object({
  role: text.describe('Role of the plan, such as `server`, `prefill` or `decode`.'),
  replica: z.number().int().nonnegative().describe('Index of the replica within its role, from 0.'),
  rank: z.number().int().nonnegative().describe('Index of the process within its replica, from 0.'),
  file,
});

/** Files of a point next to its result.json. Only existing files are named. */
export const resultFilesSchema = z.object({
  plan: file.optional().describe('What was launched: plan.json.'),
  load: file.optional().describe('The load spec: load.json.'),
  raw: file
    .optional()
    .describe("The keys of benchmark_serving.py's result, times in ms, rates per s: raw.json."),
  records: file.optional().describe('Every request: records.jsonl.'),
  telemetry: file
    .optional()
    .describe('Readings of the devices during the load, one JSON object per line: telemetry.ndjson.'),
  logs: z.array(logFileSchema).optional().describe("Output of the server's processes."),
});

const loadSchema = z.object({
  text: text.describe('In words, without the rate: the same for all points of a curve.'),
  rate: z
    .number()
    .optional()
    .describe('Requests, or conversations, per second, if the load has a single rate.'),
});

const endpointSchema = z
  .object({
    baseUrl: text.describe('Its address, without /v1.'),
    api: text.describe('The API used: `completions`, `chat` or another of the load spec.'),
  })
  .describe(
    'A server that was already running; what it is, is unknown. Missing if Sweepline started the server.',
  );

const base = {
  schema: resultVersionSchema,
  name: text.describe(
    "The point's id, unique within its run; also the name of its folder, and InferenceX's RESULT_FILENAME. Repeats of a point have `.r2`, `.r3` and so on after it.",
  ),
  point: text
    .optional()
    .describe(
      'Name of its point, which all repeats share; missing in a sweep that measures each point once.',
    ),
  repeat: z
    .number()
    .int()
    .positive()
    .optional()
    .describe(
      'Which measurement of its point in its run, from 1; missing where each point is measured once.',
    ),
  job: z
    .record(text, z.unknown())
    .describe(
      'The expanded matrix entry; for an endpoint the known facts: model, and lengths of random prompts.',
    ),
  endpoint: endpointSchema.optional(),
  concurrency: z
    .number()
    .int()
    .positive()
    .describe(
      'Most requests in flight at once that the point asks for: all of its requests if there is no limit.',
    ),
  load: loadSchema
    .optional()
    .describe("How it was loaded, if not with InferenceX's random prompts in a closed loop."),
  startedAt: time.describe('Start time; UTC, ISO 8601. Of a skipped point, when it was skipped.'),
  finishedAt: time.describe('End time; UTC, ISO 8601. Of a skipped point, when it was skipped.'),
  provenance: provenanceSchema.describe('Where it was measured, and with which software.'),
  files: resultFilesSchema
    .optional()
    .describe('Files of the point, relative to its folder; missing in version 1.'),
};

/** A row of `agg_*.json`. */
export const rowSchema = z
  .record(text, z.union([text, z.number(), z.boolean(), z.record(text, text)]))
  .describe(
    "Keys of InferenceX's agg_*.json: times in s, throughputs in tokens/s per GPU, intvty in tokens/s/user.",
  );

export const RESULT_STATES = ['completed', 'failed', 'interrupted', 'rejected', 'skipped'] as const;

/** What keeps points from being begun. */
export const SKIP_CODES = ['fail-fast', 'budget', 'stop'] as const;

const errorSchema = z.object({
  code: text.describe('Code of the error, such as SERVER_DIED.'),
  message: text.describe('What went wrong.'),
  layer: z
    .enum(LAYERS)
    .optional()
    .describe('The part of the launch that failed; missing for errors of the plan or of the workspace.'),
  again: z.boolean().optional().describe('Whether another try may succeed without any change.'),
  where: text.optional().describe('File, key, plugin, node, if known.'),
  hint: text.optional().describe('What to do about it.'),
  logTail: text.optional().describe("The end of the server's log."),
});

const intervalSchema = z.object({
  low: z.number().describe("Low end, in the metric's unit."),
  high: z.number().describe("High end, in the metric's unit."),
  covers: text.describe('Its level, which variation it covers, and what it leaves out.'),
});

export const completedSchema = z.object({
  ...base,
  state: z
    .literal('completed')
    .describe('It was measured. `marks` says whether its numbers may be compared.'),
  metrics: z
    .record(text, z.number())
    .describe(
      'Numbers from metric plugins, by output key; `outputs` of run.json has the unit and definition of each.',
    ),
  intervals: z.record(text, intervalSchema).optional().describe('For metrics that have one, by output key.'),
  evals: z
    .array(evalSchema)
    .optional()
    .describe('Tasks that its server was asked; missing where it was asked none.'),
  row: rowSchema,
  delivered: deliveredSchema,
  marks: z.array(markSchema).describe('Reasons to read it with care.'),
  withheld: text
    .optional()
    .describe(
      'Why its row is in no agg_*.json. Of several repeats only the one with the median throughput is in it, which is not known before all have ended, and is not said here.',
    ),
});

export const failedSchema = z.object({
  ...base,
  state: z.literal('failed').describe('There are no numbers; `error` gives the reason.'),
  error: errorSchema.describe('The error that made it fail.'),
});

export const interruptedSchema = z.object({
  ...base,
  state: z.literal('interrupted').describe('The sweep was stopped while this point was measured.'),
});

export const rejectedSchema = z.object({
  ...base,
  state: z
    .literal('rejected')
    .describe(
      'Its plan was refused, by a rule of a plugin, of a launcher or of Sweepline: nothing was launched.',
    ),
  error: errorSchema.describe('Who refused it, and why.'),
});

const skipSchema = z.object({
  code: z
    .enum(SKIP_CODES)
    .describe(
      '`fail-fast`: another point of its config has failed. `budget`: what the sweep may use was used up. `stop`: the sweep was stopped.',
    ),
  message: text.describe('The same in words.'),
});

export const skippedSchema = z.object({
  ...base,
  state: z.literal('skipped').describe('It was never begun. A resumed run measures it.'),
  reason: skipSchema.describe('What skipped it.'),
});

/** One point's outcome: the content of `result.json`. */
export const resultSchema = z.discriminatedUnion('state', [
  completedSchema,
  failedSchema,
  interruptedSchema,
  rejectedSchema,
  skippedSchema,
]);

export type Row = z.output<typeof rowSchema>;
export type ResultFiles = z.output<typeof resultFilesSchema>;
export type CompletedResult = z.output<typeof completedSchema>;
export type FailedResult = z.output<typeof failedSchema>;
export type InterruptedResult = z.output<typeof interruptedSchema>;
export type RejectedResult = z.output<typeof rejectedSchema>;
export type SkippedResult = z.output<typeof skippedSchema>;
/** What kept a point from being begun. */
export type Skip = z.output<typeof skipSchema>;
export type Result = z.output<typeof resultSchema>;
