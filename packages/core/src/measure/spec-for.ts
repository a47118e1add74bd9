import { SweeplineError } from '../errors.js';
import { isFixedSeqLen, type Job, type MultiNodeJob, type Point, type SingleNodeJob } from '../matrix/job.js';
import type { ClientSettings } from '../plugin/launch-plan.js';
import { LOAD_SPEC_SCHEMA, type LoadSpec } from '../load/spec/spec.js';
import { loadParts, workloadIn } from '../load/scenario/spec.js';
import type { ScenarioPrompts } from '../load/workloads/scenario-prompts.js';

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
  /** Files of data sets, by their SHA-256. */
  readonly dataSets?: ReadonlyMap<string, string>;
}

/** @throws {SweeplineError} PLAN_UNSUPPORTED for scenarios that no load is known for: better said before a server is started. */
export function assertLoadable(job: Job): asserts job is FixedSeqLenJob {
  if (isFixedSeqLen(job)) return;
  throw new SweeplineError('PLAN_UNSUPPORTED', `scenario ${job['scenario-type']} can't be loaded yet`);
}

type FixedSeqLenJob = SingleNodeJob | MultiNodeJob;

/**
 * The load of a point: by default InferenceX's closed loop over random prompts.
 * @throws {SweeplineError} PLAN_UNSUPPORTED for scenarios that are loaded otherwise; CONFIG_INVALID or WORKLOAD_INVALID for a load that
 * can't work.
 */
export async function loadSpecFor(
  { job, concurrency }: Point,
  client: ClientSettings,
  baseUrl: string,
  recordsFile: string,
  { tokenizerOf, idleS, dataSets, ...settings }: LoadSettings = {},
): Promise<LoadSpec> {
  assertLoadable(job);
  // An engine that insists on ids gets ids: there is nothing for a tokenizer to do.
  const tokenizer = client.promptForm === 'token-ids' ? undefined : tokenizerOf?.(job.model);
  checkWorkload(job, client, tokenizer);
  const prompts = promptsFor(job, client, tokenizer !== undefined);
  const { numPrompts, numWarmups } = client;
  const sizes = { numPrompts, numWarmups };
  const basis = {
    ...(job.load && { load: job.load }),
    concurrency,
    prompts,
    sizes,
    fileOf: fileIn(dataSets),
  };
  return {
    schema: LOAD_SPEC_SCHEMA,
    endpoint: { baseUrl, api: client.api, ...(client.codec !== undefined && { codec: client.codec }) },
    model: client.model,
    ...(tokenizer !== undefined && { tokenizer }),
    ...(await loadParts(basis)),
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
 * What jobs and engines say of prompts. With a tokenizer those of random kind are InferenceX's texts: of its whole vocabulary, and in
 * the model's chat template where its scripts have --use-chat-template. Chat APIs put the template around what they are sent by
 * themselves.
 */
function promptsFor(job: FixedSeqLenJob, client: ClientSettings, hasTokenizer: boolean): ScenarioPrompts {
  return {
    isl: job.isl,
    osl: job.osl,
    form: client.promptForm,
    rangeRatio: client.rangeRatio,
    seed: SEED,
    ...(!hasTokenizer && client.vocabulary !== undefined && { vocabulary: client.vocabulary }),
    useChatTemplate: hasTokenizer && client.chatTemplate && client.api !== 'chat',
  };
}

function fileIn(dataSets: LoadSettings['dataSets']): (sha256: string) => string {
  return (sha256) => {
    const file = dataSets?.get(sha256);
    if (file !== undefined) return file;
    throw new SweeplineError('CONFIG_INVALID', `no config has the data set with SHA-256 ${sha256}`);
  };
}

/** @throws {SweeplineError} CONFIG_INVALID for prompts that can't be made here, or that the engine doesn't take. */
function checkWorkload(
  { model, load = {} }: FixedSeqLenJob,
  client: ClientSettings,
  tokenizer?: string,
): void {
  const { name, isText, needsTokenizer } = workloadIn(load);
  if (isText && client.promptForm === 'token-ids') {
    throw new SweeplineError(
      'CONFIG_INVALID',
      `${name} prompts are texts, and the engine takes only token ids`,
      {
        hint: 'Give the load another workload.',
      },
    );
  }
  if (!needsTokenizer || tokenizer !== undefined) return;
  throw new SweeplineError('CONFIG_INVALID', `${name} prompts need a tokenizer, and ${model} has none`, {
    hint: 'Set `client.tokenizer: model` in configs/sweepline.yaml, or name one under `client.tokenizers`.',
  });
}
