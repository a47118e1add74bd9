import {
  fixedSeqLenClient,
  flagArguments,
  recipeOf,
  singleServerPlan,
  tokensPerChunk,
  type FrameworkPlugin,
  type PlanContext,
  type SingleServer,
  type Text,
} from '@sweepline/core';
import { INFO_PATH, PRECISIONS, effective } from './effective.js';
import { devicesOf, intended } from './intended.js';
import { sglangOptions, type SglangOptions } from './options.js';
import { rejects } from './parallelism.js';

type Context = PlanContext<SglangOptions>;

const ENGINE = 'SGLang';
/** Empties the radix cache; refused while requests run. Source: sglang/srt/entrypoints/http_server.py. */
const FLUSH = { method: 'POST', path: '/flush_cache' } as const;

/** SGLang, one server on one node. */
export const sglang: FrameworkPlugin<SglangOptions> = {
  kind: 'framework',
  name: 'sglang',
  apiVersion: 2,
  frameworks: ['sglang'],
  options: sglangOptions,
  precisions: PRECISIONS,
  rejects,
  plan(context) {
    const { flags } = recipeOf(context, ENGINE);
    const plan = singleServerPlan(server(context), ({ argv }) =>
      // Decided by the flags and not by the job: scripts that ignore speculative decoding also leave out the chat template.
      fixedSeqLenClient(context, { chatTemplate: 'speculative-algorithm' in flags, ...tokensPerChunk(argv) }),
    );
    return { ...plan, reset: FLUSH };
  },
  worker(context) {
    const { flags, env } = recipeOf(context, ENGINE);
    return { flags, env, config: {} };
  },
  devices: devicesOf,
  intended,
  effective,
  answers: [INFO_PATH],
};

/** The first arguments of every SGLang server. */
export function launchServer(model: string, port: Text): readonly Text[] {
  return [
    'python3',
    ...['-m', 'sglang.launch_server'],
    ...['--model-path', model],
    ...['--host', '0.0.0.0'],
    ...['--port', port],
  ];
}

function server(context: Context): SingleServer {
  const { job, options, point } = context;
  const { flags, env, setup } = recipeOf(context, ENGINE);
  const { tp = 1, pp = 1 } = point ?? {};
  return {
    runtime: { kind: 'container', image: job.image },
    argv: (port) => [...launchServer(job.model, port), ...flagArguments(flags), ...options['extra-args']],
    env: { ...env, ...options.env },
    files: {},
    setup,
    devices: tp * pp,
    ...(ignoresPort(context) && { fixedPort: 8888 }),
  };
}

/** dsr1_fp8_mi325x.sh listens on 8888 whatever port its launcher passes; it is the only such script. */
function ignoresPort({ strict, sku, job }: Context): boolean {
  return strict && sku.name === 'mi325x' && job['model-prefix'] === 'dsr1';
}
