import { z } from 'zod';

export const RESULT_SCHEMA = 'sweepline.result/1';

const text = z.string();
const time = z.iso.datetime();

/** A reason to read a result with care. `invalid` marks take it out of plots and comparisons. */
export const markSchema = z.strictObject({
  code: text,
  severity: z.enum(['note', 'invalid']),
  message: text,
});

const retrySchema = z.strictObject({ code: text, message: text });

/** What a result says about where and with what it was measured. */
const provenanceSchema = z.strictObject({
  sweepline: text,
  client: text.optional(),
  /** How prompts were made and given to the server; records have the rest. */
  prompts: z
    .strictObject({
      form: z.enum(['token-ids', 'text']),
      tokenizer: text.optional(),
      chatTemplate: z.boolean().optional(),
    })
    .optional(),
  /** Where the load process ran, and how it reached the server; missing where it never did. */
  placement: z
    .strictObject({ place: z.enum(['server-node', 'own-node', 'controller', 'local']), node: text, path: text })
    .optional(),
  framework: z.strictObject({ plugin: text, package: text, version: text }),
  hardware: z.strictObject({ sku: text, node: text, facts: z.record(text, z.unknown()) }).optional(),
  /** Settings that the plan asked of the engine, by name. */
  intended: z.record(text, text).optional(),
  /** Settings that the engine says it ran with, in its log or over HTTP. */
  engine: z.record(text, text).optional(),
  /** Why it was begun again: what machines were to blame for. */
  retries: z.array(retrySchema).optional(),
});

const base = {
  schema: z.literal(RESULT_SCHEMA),
  /** Unique within a run; InferenceX's RESULT_FILENAME. */
  name: text,
  /** The matrix entry as it was expanded. */
  job: z.record(text, z.unknown()),
  concurrency: z.number().int().positive(),
  /** How it was loaded, where not by InferenceX's random prompts in a closed loop. */
  load: z
    .strictObject({
      /** In words, without its rate: the same for all points of a curve. */
      text,
      /** Requests, or conversations, per second, where it has one rate. */
      rate: z.number().optional(),
    })
    .optional(),
  startedAt: time,
  finishedAt: time,
  provenance: provenanceSchema,
};

/** A row of `agg_*.json`; keys are InferenceX's, times in seconds, rates in tokens/s. */
export const rowSchema = z.record(text, z.union([text, z.number(), z.boolean(), z.record(text, text)]));

const errorSchema = z.strictObject({
  code: text,
  message: text,
  /** File, key, plugin, as far as known. */
  where: text.optional(),
  hint: text.optional(),
  /** The end of the server's log. */
  logTail: text.optional(),
});

export const completedSchema = z.strictObject({
  ...base,
  state: z.literal('completed'),
  /** What metric plugins gave, by output key. */
  metrics: z.record(text, z.number()),
  row: rowSchema,
  /** Requests offered, sent, completed, failed. */
  delivered: z.strictObject({
    offered: z.number(),
    sent: z.number(),
    completed: z.number(),
    failed: z.number(),
    peakInFlight: z.number(),
  }),
  marks: z.array(markSchema),
  /** Why its row is in no `agg_*.json`; missing where it is in one. */
  withheld: text.optional(),
});

export const failedSchema = z.strictObject({ ...base, state: z.literal('failed'), error: errorSchema });
export const interruptedSchema = z.strictObject({ ...base, state: z.literal('interrupted') });

/** One point's outcome: the content of `result.json`. */
export const resultSchema = z.discriminatedUnion('state', [completedSchema, failedSchema, interruptedSchema]);

export type Mark = z.output<typeof markSchema>;
export type Row = z.output<typeof rowSchema>;
export type Retry = z.output<typeof retrySchema>;
export type Provenance = z.output<typeof provenanceSchema>;
export type CompletedResult = z.output<typeof completedSchema>;
export type FailedResult = z.output<typeof failedSchema>;
export type InterruptedResult = z.output<typeof interruptedSchema>;
export type Result = z.output<typeof resultSchema>;

/** A metric's column, for reports made long after from files alone. */
export const outputSchema = z.strictObject({
  /** Name of the plugin that gives it. */
  metric: text.optional(),
  key: text,
  label: text,
  unit: text,
  better: z.enum(['lower', 'higher', 'neither']),
  definition: text,
  level: z.enum(['row', 'raw']).optional(),
});

/** A process, so that another one that gets its number later isn't taken for it. */
export const ownerSchema = z.strictObject({
  pid: z.number().int().positive(),
  host: text,
  /** The boot and the process namespace that the number is of; Linux only. */
  kernel: text.optional(),
  /** Clock ticks from the boot to the start of the process; Linux only. */
  start: text.optional(),
});

export const RUN_SCHEMA = 'sweepline.run/1';

/** The content of `run.json`: a sweep as a whole. */
export const runSchema = z.strictObject({
  schema: z.literal(RUN_SCHEMA),
  id: text,
  sweepline: text,
  startedAt: time,
  finishedAt: time.optional(),
  /** `failed`: it ended early, not because somebody wanted it to. */
  state: z.enum(['running', 'finished', 'interrupted', 'failed']),
  /** Why it ended early. */
  reason: text.optional(),
  configFiles: z.array(text),
  points: z.number().int().nonnegative(),
  /** Names of the points, in the order in which they are measured. */
  pointNames: z.array(text).optional(),
  /** What measures them. */
  process: ownerSchema.optional(),
  outputs: z.array(outputSchema),
});

export type RunInfo = z.output<typeof runSchema>;
export type Owner = z.output<typeof ownerSchema>;
