import { FIELD } from '../config/fields.js';
import { SweeplineError } from '../errors.js';
import { isFixedSeqLen, type Point } from '../matrix/job.js';
import type { ClientSettings } from '../plugin/launch-plan.js';
import { LOAD_SPEC_SCHEMA, type LoadSpec } from './spec.js';

/** Seed of the prompts; InferenceX's default. */
const SEED = 0;
const CONNECT_TIMEOUT_S = 30;
const REQUEST_TIMEOUT_S = 3600;

/** What a workspace may say about how its points are loaded. */
export type LoadSettings = Pick<LoadSpec, 'workers' | 'clientLimits'>;

/**
 * The load of a point: InferenceX's closed loop over random prompts.
 * @throws {SweeplineError} PLAN_UNSUPPORTED for scenarios that are loaded otherwise.
 */
export function loadSpecFor(
  { job, concurrency }: Point,
  client: ClientSettings,
  baseUrl: string,
  recordsFile: string,
  settings: LoadSettings = {},
): LoadSpec {
  if (!isFixedSeqLen(job)) {
    throw new SweeplineError('PLAN_UNSUPPORTED', `scenario ${job[FIELD.scenarioType]} can't be loaded yet`);
  }
  return {
    schema: LOAD_SPEC_SCHEMA,
    endpoint: { baseUrl, api: client.api, ...(client.codec !== undefined && { codec: client.codec }) },
    model: client.model,
    prompts: {
      kind: 'random',
      form: client.promptForm,
      inputLen: job[FIELD.isl],
      outputLen: job[FIELD.osl],
      rangeRatio: client.rangeRatio,
      seed: SEED,
      vocabulary: client.vocabulary,
    },
    arrival: { pattern: 'closed-loop', concurrency },
    numPrompts: client.numPrompts,
    numWarmups: client.numWarmups,
    ignoreEos: client.ignoreEos,
    temperature: 0,
    connections: 'per-slot',
    ...(client.serverMetrics !== undefined && { serverMetrics: client.serverMetrics }),
    ...settings,
    timeouts: { connectS: CONNECT_TIMEOUT_S, requestS: client.requestTimeoutS ?? REQUEST_TIMEOUT_S },
    output: { recordsFile },
  };
}
