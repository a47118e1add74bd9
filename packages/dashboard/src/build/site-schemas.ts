import { z } from '@sweepline/core';
import {
  BETWEEN_COLUMNS,
  CHANGELOG_COLUMNS,
  DETAILS_PER_FILE,
  EVAL_COLUMNS,
  POINT_COLUMNS,
  REQUEST_COLUMNS,
  SAMPLE_COLUMNS,
  SITE_SCHEMA,
  SUCCESS_COLUMNS,
  type MetricColumn,
  type PointDetail,
  type SiteIndex,
  type SiteNoise,
} from '../site/site-data.js';
import type { TableData } from '../site/table.js';

const text = z.string();
const whole = z.int().nonnegative();
const optional = <T extends z.ZodType>(type: T) => z.exactOptional(type);

const columnSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('number'), values: z.array(z.number().nullable()) }),
  z.strictObject({ type: z.literal('flag'), values: z.array(z.boolean().nullable()) }),
  z.strictObject({
    type: z.literal('text'),
    names: z.array(text),
    codes: z.array(whole.nullable()).describe('Indices into names; null where it is missing.'),
  }),
  z.strictObject({
    type: z.literal('texts'),
    names: z.array(text),
    codes: z.array(z.array(whole)).describe('Indices into names, several per row.'),
  }),
]);

const tableSchema: z.ZodType<TableData> = z
  .strictObject({ rows: whole, columns: z.record(text, columnSchema) })
  .describe('A table, a column each. Missing is null, never 0.');

const sourceSchema = z.strictObject({ what: text, url: optional(text), date: text });
const numbers = z.record(text, z.number());

const hardwareSchema = z
  .strictObject({
    ...{ sku: text, vendor: text, device: text, devicesPerNode: whole },
    ...{ memoryGiB: optional(z.number()), memoryBandwidthGBps: optional(z.number()) },
    interconnect: optional(z.strictObject({ name: text, gBps: z.number(), domain: whole })),
    flops: optional(numbers).describe('Dense FLOP/s per device, by precision.'),
    tdpW: optional(z.number()).describe('W per device.'),
    allInW: optional(z.number()).describe('W per device with its share of host, network and cooling.'),
    pricePerHour: optional(numbers).describe('USD per device-hour, by kind of offer.'),
    sources: z.array(sourceSchema),
  })
  .describe('A kind of device. What is not known is missing.');

const indexSchema: z.ZodType<SiteIndex> = z.strictObject({
  schema: z.literal(SITE_SCHEMA),
  title: text,
  builtAt: text.describe('UTC, ISO 8601.'),
  sweepline: text.describe("Sweepline's version."),
  points: whole,
  runs: z.array(
    z.strictObject({
      run: text,
      origin: text.describe('Whose definitions its numbers have.'),
      ...{ state: optional(text), startedAt: optional(text), url: optional(text), points: whole },
    }),
  ),
  metrics: z.array(
    z.strictObject({
      ...{ key: text, label: text, unit: text, better: z.enum(['lower', 'higher', 'neither']) },
      ...{ definition: text, file: text.describe('Its file in the folder data, without .json.') },
    }),
  ),
  hardware: z.array(hardwareSchema),
  files: z.array(text).describe('Names of tables, without .json.'),
});

const metricSchema: z.ZodType<MetricColumn> = z
  .strictObject({ key: text, values: z.array(z.number().nullable()) })
  .describe('Numbers of a metric, by row of points, in the unit that the index has.');

const scales = z.array(
  z.strictObject({
    ...{ scale: z.number(), weight: z.number() },
    nodeShare: optional(z.number()).describe(
      'The part of its square that runs on the same node do not have.',
    ),
  }),
);
const learntSchema = z
  .strictObject({
    degrees: z.number().describe("Degrees of freedom of Student's t."),
    usual: scales.describe('Of a cell without repeats: scales of ln(b/a), and the probability of each.'),
    cells: z.record(text, scales).describe('By hardware and framework.'),
    repeats: whole,
    nodes: optional(z.strictObject({ sameNode: whole, otherNode: whole, share: z.number() })).describe(
      'Repeats on the same node and on two, and the share of the variance that is between nodes.',
    ),
  })
  .describe('Noise of one run against one, as sweepline compare learns it.');

const noiseSchema: z.ZodType<SiteNoise> = z.strictObject({
  metrics: z.array(
    z.strictObject({
      ...{ key: text, label: text, better: z.enum(['lower', 'higher']) },
      effect: z.number().describe('The relative change that matters.'),
      movedByStalls: z.boolean().describe('Whether a stall of the server moves it beyond use.'),
      decides: z.boolean().describe('Whether the verdict on a run rests on it.'),
      ...{ points: optional(learntSchema), stalledPoints: optional(learntSchema) },
      ...{ curves: optional(learntSchema), runs: whole, nodes: whole },
    }),
  ),
});

const detailSchema: z.ZodType<PointDetail> = z.strictObject({
  row: whole,
  metrics: numbers.describe('By key; the index has the units.'),
  marks: z.array(z.strictObject({ code: text, severity: text, message: text })),
  intervals: z
    .record(text, z.strictObject({ low: z.number(), high: z.number(), covers: text }))
    .describe('Within its run, by metric.'),
  error: optional(
    z.strictObject({
      ...{ code: text, message: text, layer: optional(text), where: optional(text) },
      ...{ hint: optional(text), logTail: optional(text) },
    }),
  ),
  delivered: optional(
    z.strictObject({
      ...{ offered: optional(whole), sent: optional(whole), completed: optional(whole) },
      ...{ failed: optional(whole), peakInFlight: optional(whole) },
    }),
  ),
  job: optional(z.unknown()).describe('The expanded matrix entry.'),
  plan: optional(z.unknown()).describe('What was launched.'),
  provenance: optional(z.unknown()),
  load: optional(z.unknown()).describe('The load spec.'),
  extra: optional(z.unknown()).describe('What else an imported row says.'),
  reproduce: optional(z.array(text)).describe('Arguments that run it again.'),
  logs: z.array(z.strictObject({ role: text, replica: whole, rank: whole, tail: text })),
  notes: optional(z.array(text)).describe('What is not all here.'),
  hasRequests: z.boolean(),
  hasSamples: z.boolean(),
});

const detailsSchema = z
  .array(detailSchema)
  .max(DETAILS_PER_FILE)
  .describe(`Details of ${DETAILS_PER_FILE} points, those of row 100 × N first.`);

/** What each file of the folder data is, by its name: N, KEY and ROW stand for any. */
export const SITE_FILES = {
  index: {
    schema: indexSchema,
    columns: [],
    what: 'title, runs, metrics with unit and definition, hardware',
  },
  points: { schema: tableSchema, columns: Object.values(POINT_COLUMNS).flat(), what: 'a row per point' },
  'metrics/KEY': { schema: metricSchema, columns: [], what: 'numbers of a metric, by row of points' },
  between: {
    schema: tableSchema,
    columns: BETWEEN_COLUMNS,
    what: 'how far a number may be off from run to run: 95 % intervals',
  },
  noise: {
    schema: noiseSchema,
    columns: [],
    what: 'noise between runs, by metric, hardware and framework: by it pages judge differences',
  },
  changelog: {
    schema: tableSchema,
    columns: CHANGELOG_COLUMNS,
    what: 'entries of the changelog that runs were started for',
  },
  'details/N': { schema: detailsSchema, columns: [], what: 'details of the points 100 N to 100 N + 99' },
  'requests/ROW': {
    schema: tableSchema,
    columns: REQUEST_COLUMNS,
    what: 'requests of a point; times in ms',
  },
  'samples/ROW': {
    schema: tableSchema,
    columns: SAMPLE_COLUMNS,
    what: 'readings of its devices and of its server; times in ms',
  },
  evals: { schema: tableSchema, columns: Object.values(EVAL_COLUMNS).flat(), what: 'scores, as fractions' },
  success: {
    schema: tableSchema,
    columns: Object.values(SUCCESS_COLUMNS).flat(),
    what: 'jobs that succeeded, by hardware and day',
  },
} as const;

export type SiteFileName = keyof typeof SITE_FILES;

/** The JSON Schema of all files of data: `$defs` by the names of SITE_FILES. */
export function siteJsonSchema(): object {
  const $defs = Object.fromEntries(
    Object.entries(SITE_FILES).map(([name, { schema, columns, what }]) => {
      const { $schema: _, ...made } = z.toJSONSchema(schema as z.ZodType);
      const about = columns.length > 0 ? `${what}. Columns: ${columns.join(', ')}` : what;
      return [name.replace('/', '-'), { title: `data/${name}.json: ${about}`, ...made }];
    }),
  );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Files of the folder data, ${SITE_SCHEMA}`,
    $defs,
  };
}
