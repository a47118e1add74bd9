import { SweeplineError } from '../errors.js';
import { isFixedSeqLen, type Job, type MultiNodeJob, type Point, type SingleNodeJob } from '../matrix/job.js';
import type { ClientSettings } from '../plugin/launch-plan.js';
import { LOAD_SPEC_SCHEMA, type LoadSpec } from '../load/spec/spec.js';
import type { RandomPrompts } from '../load/workloads/random.js';

/** Seed of the prompts; InferenceX's default. */
const SEED = 0;
const CONNECT_TIMEOUT_S = 30;
const REQUEST_TIMEOUT_S = 3600;

/** What a workspace may say about how its points are loaded. */
export interface LoadSettings extends Pick<LoadSpec, 'workers' | 'clientLimits'> {
  /** The tokenizer whose texts are sent to a model; undefined: prompts are made without one. */
  readonly tokenizerOf?: (model: string) => string | undefined;
  /** Seconds without any progress after which a load is ended. */
  readonly idleS?: number;
}

/** @throws {SweeplineError} PLAN_UNSUPPORTED for scenarios that no load is known for: better said before a server is started. */
export function assertLoadable(job: Job): asserts job is FixedSeqLenJob {
  if (isFixedSeqLen(job)) return;
  throw new SweeplineError('PLAN_UNSUPPORTED', `scenario ${job['scenario-type']} can't be loaded yet`);
}

type FixedSeqLenJob = SingleNodeJob | MultiNodeJob;

/**
 * The load of a point: InferenceX's closed loop over random prompts.
 * @throws {SweeplineError} PLAN_UNSUPPORTED for scenarios that are loaded otherwise.
 */
export function loadSpecFor(
  { job, concurrency }: Point,
  client: ClientSettings,
  baseUrl: string,
  recordsFile: string,
  { tokenizerOf, idleS, ...settings }: LoadSettings = {},
): LoadSpec {
  assertLoadable(job);
  const lengths = { inputLen: job.isl, outputLen: job.osl };
  // An engine that insists on ids gets ids: there is nothing for a tokenizer to do.
  const tokenizer = client.promptForm === 'token-ids' ? undefined : tokenizerOf?.(job.model);
  return {
    schema: LOAD_SPEC_SCHEMA,
    endpoint: { baseUrl, api: client.api, ...(client.codec !== undefined && { codec: client.codec }) },
    model: client.model,
    prompts: { ...randomPrompts(client, tokenizer !== undefined), ...lengths },
    ...(tokenizer !== undefined && { tokenizer }),
    arrival: { pattern: 'closed-loop', concurrency },
    numPrompts: client.numPrompts,
    numWarmups: client.numWarmups,
    ignoreEos: client.ignoreEos,
    temperature: 0,
    connections: 'per-slot',
    ...(client.tokensPerChunk !== undefined && { tokensPerChunk: client.tokensPerChunk }),
    ...(client.serverMetrics !== undefined && { serverMetrics: client.serverMetrics }),
    ...settings,
    timeouts: {
      connectS: CONNECT_TIMEOUT_S,
      requestS: client.requestTimeoutS ?? REQUEST_TIMEOUT_S,
      ...(idleS !== undefined && { idleS }),
    },
    output: { recordsFile },
  };
}

/**
 * With a tokenizer they are InferenceX's texts: of its whole vocabulary, and in the model's chat template where its scripts have
 * --use-chat-template. Chat APIs put the template around what they are sent by themselves.
 */
function randomPrompts(
  client: ClientSettings,
  hasTokenizer: boolean,
): Omit<RandomPrompts, 'inputLen' | 'outputLen'> {
  return {
    kind: 'random',
    form: client.promptForm,
    rangeRatio: client.rangeRatio,
    seed: SEED,
    ...(!hasTokenizer && client.vocabulary !== undefined && { vocabulary: client.vocabulary }),
    ...(hasTokenizer && client.chatTemplate && client.api !== 'chat' && { useChatTemplate: true }),
  };
}
