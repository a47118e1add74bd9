import {
  fixedSeqLenClient,
  flagArguments,
  otherJobs,
  recipeOf,
  tokensPerChunk,
  yamlText,
  type FrameworkPlugin,
  type PlanContext,
  type Role,
  type Text,
} from '@sweepline/core';
import { PRECISIONS, effective } from './effective.js';
import { devicesOf, intended } from './intended.js';
import { merged, type Data } from './merged.js';
import { SPECULATION, trtllmOptions, type TrtllmOptions } from './options.js';
import { rejects } from './parallelism.js';

type Context = PlanContext<TrtllmOptions>;

const ENGINE = 'TensorRT-LLM';
const ROLE = 'server';
const PORT = 'http';
/** Seconds; weights of hundreds of GB are read from a network drive and kernels are tuned in that time. */
const READY_TIMEOUT_S = 3600;
/** For recipes that don't name the file of extra options. */
const CONFIG_FILE = 'trtllm.yml';

/** TensorRT-LLM's PyTorch backend, one server on one node. */
export const trtllm: FrameworkPlugin<TrtllmOptions> = {
  kind: 'framework',
  name: 'trtllm',
  apiVersion: 1,
  frameworks: ['trt'],
  options: trtllmOptions,
  precisions: PRECISIONS,
  rejects,
  refuses: ({ point }) => (point === undefined ? otherJobs('trtllm') : undefined),
  plan: (context) => ({
    kind: 'serve',
    roles: [serverRole(context)],
    endpoint: { ref: 'port', role: ROLE, name: PORT },
    ready: [{ role: ROLE, when: { http: '/health' }, timeoutS: READY_TIMEOUT_S }],
    client: fixedSeqLenClient(context, {
      backend: 'openai',
      // Not by what the job asks for: scripts that overlook speculative decoding leave the chat template out as well.
      chatTemplate: recipeOf(context, ENGINE).chatTemplate ?? SPECULATION in configOf(context),
      ...tokensPerChunk(context.options['extra-args'], configOf(context)),
    }),
  }),
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

function serverRole(context: Context): Role {
  const { job, options, point } = context;
  const { flags, env, setup, configFile = CONFIG_FILE } = recipeOf(context, ENGINE);
  const { tp = 1, pp = 1 } = point ?? {};
  return {
    name: ROLE,
    replicas: 1,
    runtime: { kind: 'container', image: job.image },
    argv: [
      ...trtllmServe(job.model, [{ ref: 'port', role: ROLE, name: PORT }]),
      ...flagArguments({ ...flags, extra_llm_api_options: configFile }),
      ...options['extra-args'],
    ],
    env: { ...env, ...options.env },
    files: { [configFile]: yamlText(configOf(context)) },
    setup,
    ports: [{ name: PORT }],
    place: { nodes: 1, ranksPerNode: 1, devicesPerRank: tp * pp, wireUp: 'none' },
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
