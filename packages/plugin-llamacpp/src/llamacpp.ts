import {
  SweeplineError,
  isFixedSeqLen,
  singleServerPlan,
  type ClientSettings,
  type FrameworkPlugin,
  type PlanContext,
  type Rejection,
  type SingleServer,
  type Text,
} from '@sweepline/core';
import { llamaServer, nodeServer, type ServerSettings } from './command.js';
import { PROPS_PATH, SLOTS_PATH, effective } from './effective.js';
import { VOCABULARY_SIZE, isSynthetic } from './gguf/sizes.js';
import { FIRST_PIECE } from './gguf/vocabulary.js';
import { intended } from './intended.js';
import { llamacppOptions, type LlamacppOptions } from './options.js';
import { rejectsJob } from './parallelism.js';
import { PRECISIONS } from './precision.js';

type Context = PlanContext<LlamacppOptions>;

/** Seconds; enough to read a large model from a slow disk. */
const READY_TIMEOUT_S = 600;
/** Tokens. Source: GGML_PAD(n_ctx, 256) in src/llama-context.cpp of ggml-org/llama.cpp. */
const CONTEXT_STEP = 256;
const SYNTHETIC_PRECISION = 'int4';

/** llama.cpp on the host's CPU, with one slot per request in flight. */
export const llamacpp: FrameworkPlugin<LlamacppOptions> = {
  kind: 'framework',
  name: 'llamacpp',
  apiVersion: 2,
  frameworks: ['llamacpp'],
  options: llamacppOptions,
  precisions: PRECISIONS,
  rejects: (context) =>
    (context.strict ? undefined : rejectsJob(context.job, context.sku)) ?? rejectsWeights(context),
  plan: (context) => singleServerPlan(server(context), () => client(context)),
  intended,
  effective,
  answers: [PROPS_PATH, SLOTS_PATH],
};

function modelOf({ job, options }: Context): string {
  return options.model ?? job.model;
}

function server(context: Context): SingleServer {
  const { options, job } = context;
  const { image } = job;
  const usesNode = options.server === 'auto' || options.server === 'node';
  if (!usesNode) refuseSynthetic(context);
  return {
    runtime: image === 'host' ? { kind: 'host' } : { kind: 'container', image },
    argv(port) {
      const settings = serverSettings(context, port);
      const argv = usesNode ? nodeServer(settings, options.seed) : llamaServer(options.server, settings);
      // A container has no stdin that ends with Sweepline; its launcher ends it.
      if (usesNode && image === 'host') argv.push('--exit-with-parent');
      return [...argv, ...options['extra-args']];
    },
    env: options.env,
    files: {},
    devices: 1,
    ...(options.port !== undefined && { fixedPort: options.port }),
    readyTimeoutS: READY_TIMEOUT_S,
  };
}

function serverSettings(context: Context, port: Text): ServerSettings {
  const { job, concurrency, options } = context;
  return {
    model: modelOf(context),
    alias: job.model,
    port,
    parallel: concurrency,
    // 0 takes the model's training length, for jobs without fixed lengths.
    ctxSize: concurrency * (isFixedSeqLen(job) ? slotContext(job['max-model-len']) : 0),
    // A step must have room for one token per slot.
    batchSize: Math.max(options['batch-size'], concurrency),
    threads: options.threads,
  };
}

/** llama.cpp rounds up a slot's context: the plan contains the rounded value, so that it matches what runs. */
function slotContext(length: number): number {
  return Math.ceil(length / CONTEXT_STEP) * CONTEXT_STEP;
}

/** Synthetic weights exist only in one type. */
function rejectsWeights(context: Context): Rejection | undefined {
  const { precision } = context.job;
  const model = modelOf(context);
  if (!isSynthetic(model) || precision === SYNTHETIC_PRECISION) return undefined;
  return {
    reason: `llamacpp: the weights of ${model} are ${SYNTHETIC_PRECISION} (Q4_0), and not ${precision}`,
    nearest: { precision: SYNTHETIC_PRECISION },
  };
}

function refuseSynthetic(context: Context): void {
  const model = modelOf(context);
  if (!isSynthetic(model)) return;
  throw new SweeplineError(
    'OPTIONS_INVALID',
    `${context.options.server} can't serve ${model}: there is no such file`,
    {
      hint: 'Set options.server to node, or options.model to the path of a GGUF file.',
    },
  );
}

/** InferenceX's load: ten requests per slot after two for warm-up, with lengths from 80 % to 100 % of the job's. */
function client(context: Context): ClientSettings {
  const { job, concurrency } = context;
  return {
    api: 'completions',
    model: job.model,
    numPrompts: concurrency * 10,
    numWarmups: concurrency * 2,
    rangeRatio: 0.8,
    ignoreEos: true,
    chatTemplate: false,
    promptForm: 'auto',
    ...(isSynthetic(modelOf(context)) && { vocabulary: { first: FIRST_PIECE, end: VOCABULARY_SIZE } }),
  };
}
