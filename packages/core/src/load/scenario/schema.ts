import { z } from 'zod';
import { ARRIVAL_PATTERNS, type AnyPattern } from '../arrival/index.js';
import { WORKLOADS, type AnyWorkload } from '../workloads/index.js';
import { bare, configName, configSchema, shapeOf } from './fields.js';

const WITH_RATE = ARRIVAL_PATTERNS.filter(({ schema }) => 'rate' in shapeOf(schema)).map(({ name }) => name);

/** A config's `load`: the fields of load specs, except those that come from the job, its engine or the data set. */
export const scenarioLoadSchema = z
  .strictObject({
    workload: oneOf('kind', WORKLOADS.map(workloadSchema))
      .optional()
      .describe('What is sent: docs/workloads.md lists the kinds; default: random.'),
    arrival: oneOf('pattern', ARRIVAL_PATTERNS.map(arrivalSchema))
      .optional()
      .describe('When it is sent; default: closed-loop.'),
    duration: z
      .number({ error: 'expected seconds above 0' })
      .positive({ error: 'expected seconds above 0' })
      .max(1_000_000, { error: 'expected 1000000 seconds at most' })
      .optional()
      .describe('Seconds for which requests are due; required with a rate.'),
  })
  .describe('How the scenario is loaded, if not with random prompts in a closed loop.');

/** A map with one of these names in `field`. */
function oneOf(field: string, [first, ...others]: readonly z.ZodObject[]) {
  if (first === undefined) throw new RangeError(`nothing to choose a ${field} from`);
  return z.discriminatedUnion(field, [first, ...others]);
}

function workloadSchema({ name, schema, scenario: { fields, needs = [] } }: AnyWorkload): z.ZodObject {
  const shape = shapeOf(schema);
  const written = fields.map((field): [string, z.ZodType] => {
    const inner = configSchema(bare(shape[field]!));
    return [configName(field), needs.includes(field) ? inner : inner.optional()];
  });
  return z.strictObject({
    kind: z.literal(name).describe('Kind of prompts.'),
    ...Object.fromEntries(written),
  });
}

function arrivalSchema(pattern: AnyPattern): z.ZodObject {
  const shape = shapeOf(pattern.schema);
  const { rate } = shape;
  const elsewhere = ['pattern', 'concurrency', 'rate', pattern.scenario?.times];
  const fields = Object.entries(shape)
    .filter(([field]) => !elsewhere.includes(field))
    .map(([field, inner]): [string, z.ZodType] => {
      const written = configSchema(bare(inner));
      return [configName(field), bare(inner) === inner ? written : written.optional()];
    });
  return z.strictObject({
    pattern: z.literal(pattern.name).describe('Arrival pattern.'),
    ...(rate !== undefined && { rate: rates(rate) }),
    ...(!('schedule' in pattern) && { rate: noRate(pattern) }),
    ...Object.fromEntries(fields),
    concurrency: z
      .int({ error: 'expected a whole number above 0' })
      .min(1, { error: 'expected a whole number above 0' })
      .optional()
      .describe('Most requests in flight, if search spaces have no concurrency of their own.'),
  });
}

/** One or more rates: each is a job, so duplicates are refused. */
function rates(rate: z.ZodType): z.ZodType {
  const list = z
    .array(rate)
    .min(1, { error: 'expected at least one rate' })
    .refine((all) => new Set(all).size === all.length, { error: 'expected each rate once' });
  return z
    .union([rate, list], { error: 'expected a number above 0, or a list of them' })
    .describe('Requests per second; each one of a list is a job.');
}

function noRate({ name }: AnyPattern): z.ZodType {
  return z
    .never({ error: `expected no rate with ${name}: ${WITH_RATE.join(', ')} have one` })
    .describe('Leave it out: requests follow one another.')
    .optional();
}
