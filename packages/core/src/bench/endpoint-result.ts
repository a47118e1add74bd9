import { createHash } from 'node:crypto';
import type { SweeplineError } from '../errors.js';
import type { RunRecord } from '../load/records/record.js';
import { describeLoad } from '../load/scenario/spec.js';
import { configName } from '../load/scenario/fields.js';
import type { JobLoad } from '../load/scenario/load.js';
import type { LoadSpec } from '../load/spec/spec.js';
import { builtinMetrics } from '../metrics/builtin/index.js';
import { endpointRow, type EndpointPoint } from '../results/endpoint-row.js';
import { outcomeOfError, outcomeWith } from '../results/outcome.js';
import { promptsOf } from '../results/provenance.js';
import { RESULT_SCHEMA, type Result } from '../results/schema.js';
import { withReason } from '../results/withheld.js';
import type { BenchOptions } from './options.js';
import { placementOf } from './placement.js';

/** A point of a bench: how an endpoint is loaded once. */
export interface BenchPoint {
  /** Its folder's name. */
  readonly name: string;
  readonly options: BenchOptions;
  readonly spec: LoadSpec;
}

/** What came of it. */
export type BenchOutcome = { readonly run: RunRecord } | { readonly error: SweeplineError };

/** When it was measured, and by what. */
export interface BenchTimes {
  /** Sweepline's version. */
  readonly version: string;
  readonly startedAt: string;
  readonly finishedAt: string;
}

/**
 * The result of a point of an endpoint that was already running, in the form of those of a sweep. What a job would say of its server
 * (image, framework, precision, hardware, parallelism) is left out: nobody has said it.
 */
export function endpointResult(
  { name, options, spec }: BenchPoint,
  outcome: BenchOutcome,
  times: BenchTimes,
): Result {
  const { version, startedAt, finishedAt } = times;
  const load = loadOf(options, spec);
  const point = pointOf(options, spec);
  const { fields } =
    'error' in outcome
      ? outcomeOfError(outcome.error)
      : outcomeWith(outcome.run, options.model, builtinMetrics, (raw, outputs) =>
          endpointRow(raw, point, outputs),
        );
  const { baseUrl, api } = spec.endpoint;
  return withReason({
    schema: RESULT_SCHEMA,
    name,
    job: { ...point },
    endpoint: { baseUrl, api },
    concurrency: spec.arrival.concurrency ?? spec.numPrompts,
    ...(load !== undefined && { load: describeLoad(load) }),
    startedAt,
    finishedAt,
    provenance: {
      sweepline: version,
      ...('run' in outcome && { client: outcome.run.client.name, ...promptsOf(outcome.run) }),
      placement: placementOf(baseUrl),
    },
    ...fields,
  });
}

/** A name that says what is asked for, and a digest of it: the same point has the same name whatever others it is measured with. */
export function pointName(options: BenchOptions, spec: LoadSpec): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(identityOf(options, spec)))
    .digest('hex');
  const { isl, osl } = pointOf(options, spec);
  const { maxConcurrency, requestRate } = options;
  return [
    options.model
      .split('/')
      .at(-1)
      ?.replaceAll(/[^\w.-]+/g, '-')
      .replace(/^\.+/, '')
      .slice(0, 60) ?? '',
    spec.prompts.kind,
    ...(isl === undefined ? [] : [`${isl}_${osl}`]),
    ...(requestRate === Infinity ? [] : [`${requestRate}rps`]),
    ...(maxConcurrency === undefined ? [] : [`conc${maxConcurrency}`]),
    digest.slice(0, 12),
  ]
    .filter((part) => part !== '')
    .join('_');
}

/** What makes a point what it is. Seeds don't: each point of a list has its own. Nor does what follows from them, or how it is watched. */
function identityOf({ model }: BenchOptions, spec: LoadSpec): object {
  const { endpoint, prompts, arrival, durationS, numPrompts, numWarmups } = spec;
  const { tokenizer, ignoreEos, temperature, extraBody, connections } = spec;
  return {
    ...{ baseUrl: endpoint.baseUrl, api: endpoint.api, model, tokenizer },
    prompts: { ...prompts, seed: undefined, bustCache: undefined },
    arrival: { ...arrival, seed: undefined },
    ...(durationS === undefined ? { numPrompts } : { durationS }),
    ...{ numWarmups, ignoreEos, temperature, extraBody, connections },
  };
}

function pointOf(
  { model, maxConcurrency, randomInputLen, randomOutputLen }: BenchOptions,
  { prompts }: LoadSpec,
): EndpointPoint {
  return {
    model,
    ...(maxConcurrency !== undefined && { conc: maxConcurrency }),
    ...(prompts.kind === 'random' && {
      isl: randomInputLen + (prompts.prefixLen ?? 0),
      osl: randomOutputLen,
    }),
  };
}

/** What of an arrival is said elsewhere, or is no matter of readers. */
const NOT_TOLD: readonly string[] = ['pattern', 'rate', 'concurrency', 'timesMs', 'seed', 'requests'];

/** The load in a config's words, where it isn't InferenceX's. */
function loadOf(
  { requestRate }: BenchOptions,
  { prompts, arrival, durationS }: LoadSpec,
): JobLoad | undefined {
  const { pattern } = arrival;
  const isUsual = pattern === 'closed-loop' && durationS === undefined;
  if (isUsual && prompts.kind === 'random') return undefined;
  const fields = Object.entries(arrival).filter(([field]) => !NOT_TOLD.includes(field));
  return {
    ...(prompts.kind !== 'random' && {
      workload: { kind: prompts.kind, ...('path' in prompts && { path: prompts.path }) },
    }),
    ...(!isUsual && {
      arrival: {
        pattern,
        ...(requestRate !== Infinity && { rate: requestRate }),
        ...Object.fromEntries(fields.map(([field, value]) => [configName(field), value])),
      },
    }),
    ...(durationS !== undefined && { duration: durationS }),
  };
}
