import {
  fixedSeqLenClient,
  flagArguments,
  otherJobs,
  recipeOf,
  tokensPerChunk,
  type FrameworkPlugin,
  type PlanContext,
  type Port,
  type Role,
  type Text,
} from '@sweepline/core';
import { INFO_PATH, PRECISIONS, effective } from './effective.js';
import { devicesOf, intended } from './intended.js';
import { sglangOptions, type SglangOptions } from './options.js';
import { rejects } from './parallelism.js';

type Context = PlanContext<SglangOptions>;

const ENGINE = 'SGLang';
const ROLE = 'server';
const PORT = 'http';
/** Seconds; weights of hundreds of GB are read from a network drive in that time. */
export const READY_TIMEOUT_S = 3600;

/** SGLang, one server on one node. */
export const sglang: FrameworkPlugin<SglangOptions> = {
  kind: 'framework',
  name: 'sglang',
  apiVersion: 1,
  frameworks: ['sglang'],
  options: sglangOptions,
  precisions: PRECISIONS,
  rejects,
  refuses: ({ point }) => (point === undefined ? otherJobs('sglang') : undefined),
  plan(context) {
    const { flags } = recipeOf(context, ENGINE);
    const server = serverRole(context);
    return {
      kind: 'serve',
      roles: [server],
      endpoint: { ref: 'port', role: ROLE, name: PORT },
      ready: [{ role: ROLE, when: { http: '/health' }, timeoutS: READY_TIMEOUT_S }],
      // Not by what the job asks for: scripts that overlook speculative decoding leave the chat template out as well.
      client: fixedSeqLenClient(context, {
        chatTemplate: 'speculative-algorithm' in flags,
        ...tokensPerChunk(server.argv),
      }),
    };
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

/** The start of every SGLang server's arguments. */
export function launchServer(model: string, port: Text): readonly Text[] {
  return [
    'python3',
    ...['-m', 'sglang.launch_server'],
    ...['--model-path', model],
    ...['--host', '0.0.0.0'],
    ...['--port', port],
  ];
}

function serverRole(context: Context): Role {
  const { job, options, point } = context;
  const { flags, env, setup } = recipeOf(context, ENGINE);
  const { tp = 1, pp = 1 } = point ?? {};
  return {
    name: ROLE,
    replicas: 1,
    runtime: { kind: 'container', image: job.image },
    argv: [
      ...launchServer(job.model, [{ ref: 'port', role: ROLE, name: PORT }]),
      ...flagArguments(flags),
      ...options['extra-args'],
    ],
    env: { ...env, ...options.env },
    files: {},
    setup,
    ports: [serverPort(context)],
    place: { nodes: 1, ranksPerNode: 1, devicesPerRank: tp * pp, wireUp: 'none' },
  };
}

/** dsr1_fp8_mi325x.sh listens on 8888 whatever port its launcher gives it, the one script that does. */
function serverPort({ strict, sku, job }: Context): Port {
  const ignoresPort = strict && sku.name === 'mi325x' && job['model-prefix'] === 'dsr1';
  return ignoresPort ? { name: PORT, fixed: 8888 } : { name: PORT };
}
