import {
  fixedSeqLenClient,
  flagArguments,
  otherJobs,
  recipeOf,
  tokensPerChunk,
  type FrameworkPlugin,
  type PlanContext,
  type Role,
} from '@sweepline/core';
import { PRECISIONS, devicesOf, effective, intended } from './settings.js';
import { atomOptions, type AtomOptions } from './options.js';
import { rejects } from './parallelism.js';

type Context = PlanContext<AtomOptions>;

const ENGINE = 'ATOM';
const ROLE = 'server';
const PORT = 'http';
/** Seconds; weights of hundreds of GB are read from a network drive in that time. */
const READY_TIMEOUT_S = 3600;

/** ATOM, one server on one node of AMD's GPUs. */
export const atom: FrameworkPlugin<AtomOptions> = {
  kind: 'framework',
  name: 'atom',
  apiVersion: 1,
  frameworks: ['atom'],
  options: atomOptions,
  precisions: PRECISIONS,
  rejects,
  refuses: ({ point }) => (point === undefined ? otherJobs('atom') : undefined),
  plan(context) {
    const server = serverRole(context);
    return {
      kind: 'serve',
      roles: [server],
      endpoint: { ref: 'port', role: ROLE, name: PORT },
      ready: [{ role: ROLE, when: { http: '/health' }, timeoutS: READY_TIMEOUT_S }],
      client: fixedSeqLenClient(context, {
        chatTemplate: context.point?.spec === 'mtp',
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
};

function serverRole(context: Context): Role {
  const { job, options, point } = context;
  const { flags, env, setup } = recipeOf(context, ENGINE);
  return {
    name: ROLE,
    replicas: 1,
    runtime: { kind: 'container', image: job.image },
    argv: [
      ...['python3', '-m', 'atom.entrypoints.openai_server'],
      ...['--model', job.model],
      ...['--server-port', [{ ref: 'port', role: ROLE, name: PORT } as const]],
      ...flagArguments(flags, { short: ['tp'] }),
      ...options['extra-args'],
    ],
    env: { ...env, ...options.env },
    files: {},
    setup,
    ports: [{ name: PORT }],
    place: { nodes: 1, ranksPerNode: 1, devicesPerRank: point?.tp ?? 1, wireUp: 'none' },
  };
}
