import {
  fixedSeqLenClient,
  flagArguments,
  recipeOf,
  singleServerPlan,
  tokensPerChunk,
  yamlText,
  type FrameworkPlugin,
  type PlanContext,
  type SingleServer,
  type Text,
} from '@sweepline/core';
import { PRECISIONS, effective } from './effective.js';
import { devicesOf, intended } from './intended.js';
import { merged, type Data } from './merged.js';
import { SPECULATION, trtllmOptions, type TrtllmOptions } from './options.js';
import { rejects } from './parallelism.js';

type Context = PlanContext<TrtllmOptions>;

const ENGINE = 'TensorRT-LLM';
/** Name of the file of extra options, for recipes that don't set it. */
const CONFIG_FILE = 'trtllm.yml';

/** TensorRT-LLM's PyTorch backend, one server on one node. */
export const trtllm: FrameworkPlugin<TrtllmOptions> = {
  kind: 'framework',
  name: 'trtllm',
  apiVersion: 2,
  frameworks: ['trt'],
  options: trtllmOptions,
  precisions: PRECISIONS,
  rejects,
  plan: (context) =>
    singleServerPlan(server(context), () =>
      fixedSeqLenClient(context, {
        backend: 'openai',
        // Decided by the flags and not by the job: scripts that ignore speculative decoding also leave out the chat template.
        chatTemplate: recipeOf(context, ENGINE).chatTemplate ?? SPECULATION in configOf(context),
        ...tokensPerChunk(context.options['extra-args'], configOf(context)),
      }),
    ),
  worker(context) {
    const { flags, env } = recipeOf(context, ENGINE);
    return { flags, env, config: configOf(context) };
  },
  devices: devicesOf,
  intended,
  effective,
};

function configOf(context: Context): Data {
  return merged(recipeOf(context, ENGINE).config, context.options.config);
}

function server(context: Context): SingleServer {
  const { job, options, point } = context;
  const { flags, env, setup, configFile = CONFIG_FILE } = recipeOf(context, ENGINE);
  const { tp = 1, pp = 1 } = point ?? {};
  return {
    runtime: { kind: 'container', image: job.image },
    argv: (port) => [
      ...trtllmServe(job.model, port),
      ...flagArguments({ ...flags, extra_llm_api_options: configFile }),
      ...options['extra-args'],
    ],
    env: { ...env, ...options.env },
    files: { [configFile]: yamlText(configOf(context)) },
    setup,
    devices: tp * pp,
  };
}

/** One process under mpirun, so that it can start one for each further device itself. */
function trtllmServe(model: string, port: Text): readonly Text[] {
  return [
    'mpirun',
    ...['-n', '1'],
    '--oversubscribe',
    '--allow-run-as-root',
    ...['trtllm-serve', model],
    ...['--port', port],
  ];
}
