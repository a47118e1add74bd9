import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  DelegatePlan,
  FrameworkPlugin,
  HardwarePlugin,
  Job,
  NodeLauncher,
  Plugin,
  Role,
  ServePlan,
  Text,
} from '../../src/index.js';
import type { Fabric } from '../../src/config/schema/fabric.js';
import type { ClientPlaceName } from '../../src/measure/client-place.js';
import { createLocalExecutor } from '../../src/launch/local-executor.js';
import { silentLogger } from '../../src/logger.js';
import { createPlanner } from '../../src/plan/plan.js';
import { repeatsOf } from '../../src/plan/repeats.js';
import { createRunnerResolver, type RunnerResolver } from '../../src/plan/runners.js';
import { createRegistry, type Registry } from '../../src/plugin/registry.js';
import { builtinMetrics } from '../../src/metrics/builtin/index.js';
import type { Result } from '../../src/results/schema.js';
import { openRunStore } from '../../src/results/store.js';
import { measuringOrder } from '../../src/schedule/measuring-order.js';
import { sweep, type SweepDeps, type SweepEvent } from '../../src/sweep.js';

const dist = (path: string): string => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
const SERVER = dist('testing/fake-server-main.js');
export const LOAD_COMMAND = [
  process.execPath,
  fileURLToPath(new URL('../../bin/sweepline.js', import.meta.url)),
  'load',
];
const BUSY_MACHINE = {
  ...{ lagFloorMs: 10_000, meanLagFloorMs: 10_000, cpuShare: 1, lateTimerShare: 1, frozenShare: 1 },
  ...{ throttledShare: 1, serverLostShare: 1, majorFaultsPerS: 100_000 },
};

const SECONDS = 60;

/** A process with devices of its own; by default a server on its node's address. */
export function role(name: string, more: Partial<Role> = {}, args: readonly Text[] = []): Role {
  return {
    name,
    replicas: 1,
    runtime: { kind: 'host' },
    argv: serverArgv(name, args),
    env: {},
    files: {},
    ports: [{ name: 'http' }],
    place: { nodes: 1, ranksPerNode: 1, devicesPerRank: 1, wireUp: 'none' },
    ...more,
  };
}

export function serverArgv(name: string, args: readonly Text[] = []): readonly Text[] {
  const own = [
    ['', { ref: 'host', role: name }],
    ['', { ref: 'port', role: name }],
  ] as const;
  return [process.execPath, SERVER, '--host', own[0], '--port', own[1], ...args];
}

export interface FleetOptions {
  readonly launcher: NodeLauncher;
  readonly roles: readonly Role[];
  /** Of each point; they have equal plans. */
  readonly concurrencies?: readonly number[];
  /** How often each point is measured. */
  readonly repeat?: number;
  /** Seconds. */
  readonly readyWithin?: number;
  readonly plan?: Partial<ServePlan>;
  /** In place of a server's plan. */
  readonly delegate?: DelegatePlan;
  readonly hardware?: Partial<HardwarePlugin>;
  /** Of the cluster that the nodes are of; without it they are of none. */
  readonly fabric?: Fabric;
  /** The nodes are a cluster's, which has this cache. */
  readonly hfCache?: string;
  /** Of the client. */
  readonly place?: ClientPlaceName;
  readonly onEvent?: (event: SweepEvent) => void;
  readonly onStore?: (store: { readonly folder: string }) => void;
  readonly deps?: Partial<SweepDeps>;
  readonly signal?: AbortSignal;
}

export interface FleetRun extends AsyncDisposable {
  readonly results: readonly Result[];
  readonly folder: string;
  readonly events: readonly SweepEvent[];
  /** Files of a point's folder, with those below `logs`. */
  files(name: string): Promise<readonly string[]>;
  log(name: string, file: string): Promise<string>;
  read(name: string, file: string): Promise<string>;
}

/** Sweeps points of one job over a launcher's nodes, in this process; servers and loads are processes. */
export async function sweepFleet(options: FleetOptions): Promise<FleetRun> {
  const { launcher, roles, concurrencies = [2], readyWithin = SECONDS, place = 'controller' } = options;
  const folder = await mkdtemp(join(tmpdir(), 'sweepline-fleet-'));
  const framework: FrameworkPlugin = {
    kind: 'framework',
    name: 'fleet',
    apiVersion: 2,
    frameworks: ['fleet'],
    plan: () =>
      options.delegate ?? {
        kind: 'serve',
        roles,
        endpoint: { ref: 'port', role: roles.at(-1)!.name },
        ready: roles
          .filter(({ ports }) => ports.length > 0)
          .map(({ name }) => ({ role: name, when: { http: '/health' }, timeoutS: readyWithin })),
        client: {
          ...{ api: 'completions', model: 'fake-model', numPrompts: 12, numWarmups: 1, rangeRatio: 1 },
          ...{ ignoreEos: true, chatTemplate: false, promptForm: 'token-ids' },
        },
        ...options.plan,
      },
  };
  const hardware: HardwarePlugin = {
    kind: 'hardware',
    name: 'fleet',
    apiVersion: 2,
    skus: [{ name: 'fleet-x2', vendor: 'fleet', device: 'cpu', devicesPerNode: 2, sources: [] }],
    visibleDevices: (devices) => ({ FLEET_VISIBLE: devices.join(',') }),
    ...options.hardware,
  };
  const plugins: readonly Plugin[] = [framework, hardware, launcher];
  const registry = createRegistry(plugins.map((plugin) => ({ plugin, package: '@fleet/all', version: '1' })));
  const planner = createPlanner(registry, resolverOf(options, registry));
  const { repeat = 1 } = options;
  const once = concurrencies.map((concurrency) => planner.plan({ job: JOB, concurrency }));
  const points = repeatsOf(once, repeat);
  const store = await openRunStore(join(folder, 'run'));
  options.onStore?.(store);
  const events: SweepEvent[] = [];
  const { results } = await sweep(
    points,
    {
      ...{ version: '0', runId: 'run', configFiles: [], metrics: builtinMetrics, store, env: {} },
      client: { place, controller: createLocalExecutor(), loadCommand: LOAD_COMMAND },
      logger: silentLogger,
      load: { clientLimits: BUSY_MACHINE },
      ...(repeat > 1 && { repeats: { count: repeat, seed: 'seed' }, order: measuringOrder(points, 'seed') }),
      replan: ({ name, point }, facts) => ({ ...planner.plan(point, { facts }), name }),
      onEvent(event) {
        events.push(event);
        options.onEvent?.(event);
      },
      now: () => new Date(),
      ...options.deps,
    },
    options.signal ?? new AbortController().signal,
  );
  const point = (name: string): string => join(store.folder, 'points', name);
  return {
    results,
    events,
    folder: store.folder,
    files: async (name) => (await readdir(point(name), { recursive: true })).sort(),
    read: (name, file) => readFile(join(point(name), file), 'utf8'),
    log: (name, file) => readFile(join(point(name), 'logs', file), 'utf8'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function resolverOf({ launcher, fabric, hfCache }: FleetOptions, registry: Registry): RunnerResolver {
  const of = { sku: 'fleet-x2', launcher: launcher.name };
  const isCluster = fabric !== undefined || hfCache !== undefined;
  if (!isCluster) return createRunnerResolver({ fleet: { ...of, detect: false } }, registry);
  const rest = {
    port: 'fixed',
    settings: {},
    options: { 'hf-cache': hfCache },
    ...(fabric && { fabric }),
  } as const;
  return createRunnerResolver({}, registry, [{ name: 'fleet', runners: ['fleet'], ...of, ...rest }]);
}

const JOB = {
  ...{ image: 'host', model: 'fake-model', 'model-prefix': 'fake', precision: 'fp8', framework: 'fleet' },
  ...{ runner: 'fleet', 'spec-decoding': 'none', 'exp-name': 'fake_1k1k', isl: 20, osl: 5 },
  ...{ 'max-model-len': 100, disagg: false, tp: 1, ep: 1, 'dp-attn': false, conc: [2] },
} as unknown as Job;
