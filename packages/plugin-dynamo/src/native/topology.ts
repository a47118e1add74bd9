import {
  downloadModel,
  fixedSeqLenClient,
  tokensPerChunk,
  type ProcessSpec,
  type Role,
  type Runtime,
  type ServePlan,
  type Worker,
  type WorkerSettings,
} from '@sweepline/core';
import { configFile, MOCKER, workersOf, type Context, type WorkerRole, type Workers } from '../jobs.js';
import { backendOf } from './backends.js';
import { discoveryReady, discoveryRoles, FRONTEND, HTTP } from './discovery.js';
import { commonEnv, SYSTEM, SYSTEM_PORTS_END, workerEnv } from './environment.js';
import { dynamoVersion, KNOWN_VERSION } from './version.js';

/** Seconds; enough to read weights of hundreds of GB from a network drive. */
const WORKER_TIMEOUT_S = 3600;
/** Seconds; it starts when its workers answer. */
const FRONTEND_TIMEOUT_S = 600;

/** Workers that find each other by files or etcd, and a frontend in front of them; everything comes from the image. */
export function nativePlan(context: Context): ServePlan {
  const { job, options } = context;
  const discovery = discoveryRoles(context, runtime(context));
  const after = discovery.map(({ name }) => name);
  const workers = workersOf(job).map((each) => ({ ...workerRole(context, each), after }));
  return {
    kind: 'serve',
    roles: [...discovery, ...workers, frontendRole(context, workers)],
    endpoint: { ref: 'port', role: FRONTEND, name: HTTP },
    ready: [
      ...discoveryReady(discovery),
      ...workers.map(({ name }) => ({
        role: name,
        when: { http: '/health' },
        timeoutS: WORKER_TIMEOUT_S,
      })),
      // It answers before it knows any worker.
      {
        role: FRONTEND,
        when: { http: '/v1/models', expect: `"${job.model}"` },
        timeoutS: FRONTEND_TIMEOUT_S,
      },
    ],
    client: fixedSeqLenClient(context, {
      backend: 'openai',
      chatTemplate: job['spec-decoding'] !== 'none',
      ...(options.vocabulary === undefined ? {} : { vocabulary: options.vocabulary }),
      ...chunksOf(context, workers),
    }),
    notes: notes(context),
  };
}

function workerRole(context: Context, { role, worker }: Workers): Role {
  const { job, options, sku } = context;
  const backend = backendOf(job.framework);
  const place = backend.place(worker, sku, job);
  const settings = settingsOf(context, role, worker);
  const model = options.model ?? job.model;
  const { argv, env, files, ports } = backend.command({ context, role, worker, model, place, settings });
  return {
    name: role,
    replicas: worker['num-worker'],
    runtime: runtime(context),
    argv: [...argv, ...options[`${role}-args`]],
    env: { ...commonEnv(context), ...workerEnv(role), ...env, ...options.env },
    files: files ?? {},
    setup: download(context),
    ports: [{ name: SYSTEM, below: SYSTEM_PORTS_END }, ...ports.map((name) => ({ name }))],
    place,
  };
}

function settingsOf(context: Context, role: WorkerRole, worker: Worker): WorkerSettings {
  const { framework } = backendOf(context.job.framework);
  return framework === undefined
    ? { flags: {}, config: {}, env: {} }
    : context.framework(framework).worker(role, worker);
}

/** The frontend forwards what the decode workers send. */
function chunksOf(context: Context, roles: readonly Role[]): ReturnType<typeof tokensPerChunk> {
  const decoding = workersOf(context.job).find(({ role }) => role !== 'prefill');
  const role = roles.find(({ name }) => name === decoding?.role);
  if (decoding === undefined || role === undefined) return {};
  return tokensPerChunk(role.argv, settingsOf(context, decoding.role, decoding.worker).config);
}

/** It starts last: if it finds its prefill and decode workers in the wrong order, it may send prefill to decode workers. */
function frontendRole(context: Context, workers: readonly Role[]): Role {
  const { options } = context;
  return {
    name: FRONTEND,
    replicas: 1,
    runtime: runtime(context),
    argv: [
      ...[options.python, '-m', 'dynamo.frontend'],
      ...['--http-host', options.network === 'loopback' ? '127.0.0.1' : '0.0.0.0'],
      '--http-port',
      [{ ref: 'port', role: FRONTEND, name: HTTP }],
      ...['--router-mode', options['router-mode']],
      ...options['frontend-args'],
    ],
    env: commonEnv(context),
    files: {},
    after: workers.map(({ name }) => name),
    ports: [{ name: HTTP }],
    place: { nodes: 1, ranksPerNode: 1, devicesPerRank: 0, wireUp: 'none' },
  };
}

function runtime({ job }: Context): Runtime {
  return job.image === 'host' ? { kind: 'host' } : { kind: 'container', image: job.image };
}

/** Mockers read no weights. */
function download({ job, options }: Context): readonly ProcessSpec[] {
  const isThere = options.model !== undefined || job.framework === MOCKER;
  return isThere ? [] : downloadModel(job);
}

function notes(context: Context): readonly string[] {
  const { job, options } = context;
  const file = configFile(job);
  return [
    ...(file === undefined
      ? []
      : [`${file} is a recipe for srtctl; workers are started with the settings of the entry itself`]),
    ...(dynamoVersion(context) === undefined && job.image !== 'host'
      ? [
          `${job.image} doesn't name a version of Dynamo; flags are those of ${options.version ?? KNOWN_VERSION}`,
        ]
      : []),
  ];
}
