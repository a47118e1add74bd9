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

/** A point of a bench: an endpoint under one load. */
export interface BenchPoint {
  /** Name of its folder. */
  readonly name: string;
  readonly options: BenchOptions;
  readonly spec: LoadSpec;
}

/** What was measured. */
export type BenchOutcome = { readonly run: RunRecord } | { readonly error: SweeplineError };

/** When it was measured, and with which version. */
export interface BenchTimes {
  /** Sweepline's version. */
  readonly version: string;
  readonly startedAt: string;
  readonly finishedAt: string;
}

/**
 * The result of a point of an endpoint that was already running, in the form of a sweep's results. Facts that a job has about its server
 * (image, framework, precision, hardware, parallelism) are left out, because they are unknown.
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

/** A name from the parameters of the point and a digest of them: the same point has the same name whatever else is measured. */
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

/**
 * What identifies a point. Not the seeds, which differ between the points of a list, nor values derived from them, nor how it is observed.
 */
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

/** Fields of an arrival that are shown elsewhere, or are of no interest to readers. */
const NOT_TOLD: readonly string[] = ['pattern', 'rate', 'concurrency', 'timesMs', 'seed', 'requests'];

/** The load in the words of a config, unless it is InferenceX's. */
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
