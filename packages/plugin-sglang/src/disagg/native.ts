import {
  READY_TIMEOUT_S,
  downloadModel,
  fixedSeqLenClient,
  flagArguments,
  tokensPerChunk,
  workerPlace,
  type FlagValue,
  type MultiNodeJob,
  type PlanContext,
  type Role,
  type ServePlan,
  type Text,
  type Worker,
} from '@sweepline/core';
import type { DisaggOptions } from '../options.js';
import { launchServer } from '../sglang.js';
import type { WorkerRole } from './launch.js';
import { settingOf } from './settings.js';

type Context = PlanContext<DisaggOptions>;

/** Ports of a worker: its API, where decode requests a KV cache from prefill, and where a worker's own nodes meet. */
const HTTP = 'http';
const BOOTSTRAP = 'bootstrap';
const RENDEZVOUS = 'rendezvous';
const ROUTER = 'router';
/** Seconds; it starts when its workers answer. */
const ROUTER_TIMEOUT_S = 600;

/**
 * Prefill and decode workers behind SGLang's router, without any other program.
 * Source: SGLang docs/advanced_features/pd_disaggregation.md, router.md and server_arguments.md.
 */
export function nativePlan(context: Context, job: MultiNodeJob): ServePlan {
  const { options } = context;
  const decode = workerRole(context, job, 'decode');
  const roles: readonly Role[] = [workerRole(context, job, 'prefill'), decode, routerRole(job, options)];
  return {
    kind: 'serve',
    roles,
    endpoint: { ref: 'port', role: ROUTER, name: HTTP },
    ready: roles.map(({ name }) => ({
      role: name,
      when: { http: '/health' },
      timeoutS: name === ROUTER ? ROUTER_TIMEOUT_S : READY_TIMEOUT_S,
    })),
    client: fixedSeqLenClient(context, {
      backend: 'openai',
      chatTemplate: job['spec-decoding'] !== 'none',
      ...tokensPerChunk(decode.argv),
    }),
  };
}

function workerRole(context: Context, job: MultiNodeJob, role: WorkerRole): Role {
  const { options, sku } = context;
  const worker = job[role];
  const place = workerPlace(worker, sku);
  const { flags, env } = context.framework('sglang').worker(role, worker);
  return {
    name: role,
    replicas: worker['num-worker'],
    runtime: { kind: 'container', image: job.image },
    argv: [
      ...launchServer(job.model, [{ ref: 'port', role, name: HTTP }]),
      ...flagArguments({ ...flags, ...draftFlags(job), ...disaggregation(context, job, role) }),
      ...rendezvous(place.nodes, role),
      ...options[`${role}-args`],
    ],
    env: { ...TIMEOUTS, ...env, ...options.env },
    files: {},
    setup: downloadModel(job),
    ports: [HTTP, ...(role === 'prefill' ? [BOOTSTRAP] : []), ...(place.nodes > 1 ? [RENDEZVOUS] : [])].map(
      (name) => ({ name }),
    ),
    place,
  };
}

/** A request may wait for a long prefill before its KV cache arrives. Source: set_env_vars.sh of the scripts that InferenceX submits. */
const TIMEOUTS = {
  SGLANG_DISAGGREGATION_BOOTSTRAP_TIMEOUT: '1200',
  SGLANG_DISAGGREGATION_WAITING_TIMEOUT: '1200',
} as const;

function disaggregation(
  { options }: Context,
  job: MultiNodeJob,
  role: WorkerRole,
): Readonly<Record<string, FlagValue>> {
  const device = options['ib-device'];
  return {
    'disaggregation-mode': role,
    'disaggregation-transfer-backend': options['transfer-backend'] ?? job['kv-p2p-transfer'] ?? 'mooncake',
    ...(device === undefined ? {} : { 'disaggregation-ib-device': device }),
    // Decode workers get it from the router with each request.
    ...(role === 'prefill'
      ? { 'disaggregation-bootstrap-port': [{ ref: 'port', role, name: BOOTSTRAP }] }
      : {}),
  };
}

/** Tokens to draft, if the config sets a number; prefill must also fill the drafting layers' KV cache for decode. */
function draftFlags(job: MultiNodeJob): Readonly<Record<string, FlagValue>> {
  const size = Number(settingOf(job.decode, 'DECODE_MTP_SIZE') ?? 0);
  if (job['spec-decoding'] !== 'mtp' || !(size > 0)) return {};
  return { 'speculative-num-steps': size, 'speculative-num-draft-tokens': size + 1 };
}

/** How a worker's processes on several nodes find each other: at the first node. */
function rendezvous(nodes: number, role: WorkerRole): readonly Text[] {
  if (nodes === 1) return [];
  return [
    ...['--nnodes', String(nodes)],
    ...['--node-rank', [{ ref: 'rank' }] as Text],
    '--dist-init-addr',
    [{ ref: 'host', role }, ':', { ref: 'port', role, name: RENDEZVOUS }],
  ];
}

function routerRole(job: MultiNodeJob, options: DisaggOptions): Role {
  return {
    name: ROUTER,
    replicas: 1,
    runtime: { kind: 'container', image: job.image },
    argv: [
      ...['python3', '-m', 'sglang_router.launch_router', '--pd-disaggregation'],
      ...['--host', '0.0.0.0'],
      ...['--port', [{ ref: 'port', role: ROUTER, name: HTTP }] as Text],
      // With equal workers and prompts without common parts, a cache-aware policy has nothing to decide on.
      ...['--policy', 'round_robin'],
      ...replicas(job.prefill).flatMap((index): readonly Text[] => [
        '--prefill',
        address('prefill', index),
        [{ ref: 'port', role: 'prefill', index, name: BOOTSTRAP }],
      ]),
      ...replicas(job.decode).flatMap((index): readonly Text[] => ['--decode', address('decode', index)]),
      ...options['router-args'],
    ],
    env: {},
    files: {},
    after: ['prefill', 'decode'],
    ports: [{ name: HTTP }],
    place: { nodes: 1, ranksPerNode: 1, devicesPerRank: 0, wireUp: 'none' },
  };
}

function replicas(worker: Worker): readonly number[] {
  return Array.from({ length: worker['num-worker'] }, (_, index) => index);
}

function address(role: WorkerRole, index: number): Text {
  return ['http://', { ref: 'host', role, index }, ':', { ref: 'port', role, index, name: HTTP }];
}
