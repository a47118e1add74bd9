import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalExecutor } from './launch/local-executor.js';
import { silentLogger } from './logger.js';
import { builtinMetrics } from './metrics/builtin/index.js';
import { needsOf } from './plan/layout.js';
import type { PlannedPoint } from './plan/plan.js';
import { FAULTS, type Fault, type FaultName } from './rehearse/faults.js';
import { rehearsed, type Stage } from './rehearse/mock-plan.js';
import { openRunStore } from './results/store.js';
import type { Result } from './results/schema.js';
import { sweep } from './sweep.js';
import { createFakeCluster } from './testing/fake-cluster/index.js';

/** What came of a point's rehearsal. */
export type Verdict =
  /** It was measured to its end. */
  | { readonly kind: 'passed' }
  /** As it should with the fault: the point failed, and the reason was said. */
  | { readonly kind: 'lost'; readonly said: string }
  /** It failed, or passed, where it should not have, or for a reason that isn't the fault. */
  | { readonly kind: 'wrong'; readonly said: string }
  /** It can't be rehearsed, or the fault can't happen to it. */
  | { readonly kind: 'skipped'; readonly said: string };

export interface Rehearsal {
  readonly name: string;
  readonly fault?: FaultName;
  readonly verdict: Verdict;
  /** Seconds that it took, times the nodes of its plan: what the fault costs before it is known. */
  readonly nodeSeconds: number;
}

export interface RehearseDeps {
  /** Argv that starts a load process, without its spec. */
  readonly loadCommand: readonly string[];
  readonly version: string;
}

/** Nodes besides those that a plan needs, which take the place of bad ones. */
const SPARE_NODES = 1;
/** No machine is too busy for a rehearsal, whose numbers nobody reads. */
const ANY_CLIENT = {
  ...{ lagFloorMs: 1e9, meanLagFloorMs: 1e9, cpuShare: 1, lateTimerShare: 1, frozenShare: 1 },
  ...{ throttledShare: 1, serverLostShare: 1, majorFaultsPerS: 1e9 },
};

/**
 * Takes a point through all that a sweep does with it (nodes, files, set-up, start, readiness, a few requests, collection, results), where
 * stand-ins run in the place of its engines, on nodes that are folders of this machine.
 */
export async function rehearse(
  planned: PlannedPoint,
  fault: FaultName | undefined,
  deps: RehearseDeps,
  signal: AbortSignal,
): Promise<Rehearsal> {
  const begin = performance.now();
  const verdict = await verdictOf(planned, fault, deps, signal);
  const nodeSeconds = (nodesOf(planned) * (performance.now() - begin)) / 1000;
  return { name: planned.name, ...(fault !== undefined && { fault }), verdict, nodeSeconds };
}

async function verdictOf(
  planned: PlannedPoint,
  name: FaultName | undefined,
  deps: RehearseDeps,
  signal: AbortSignal,
): Promise<Verdict> {
  if (planned.state === 'rejected') return { kind: 'skipped', said: planned.rejection.reason };
  if (planned.state === 'failed') return { kind: 'wrong', said: textOf(planned.error) };
  if (planned.plan.kind === 'delegate') return { kind: 'skipped', said: 'another program runs it' };
  const fault: Fault | undefined = name === undefined ? undefined : FAULTS[name];
  if (fault?.happensTo?.(planned, SPARE_NODES) === false)
    return { kind: 'skipped', said: 'it has nothing that this could happen to' };
  const folder = await mkdtemp(join(tmpdir(), 'sweepline-rehearsal-'));
  try {
    return judge(await run(planned, fault, folder, deps, signal), fault);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(
  planned: PlannedPoint,
  fault: Fault | undefined,
  folder: string,
  { loadCommand, version }: RehearseDeps,
  signal: AbortSignal,
): Promise<Result | undefined> {
  const nodes = nodesOf(planned) + SPARE_NODES;
  const { disk, behaviour } = fault ?? {};
  const disks = disk === undefined ? {} : Object.fromEntries(namesOf(nodes).map((name) => [name, disk]));
  const cluster = createFakeCluster({ folder: join(folder, 'nodes'), nodes, disks });
  const { onLoad, ...changed } = fault?.on?.(cluster) ?? {};
  const stage: Stage = { launcher: cluster.launcher, ...changed };
  const point = rehearsed(planned, stage, behaviour);
  const store = await openRunStore(join(folder, 'run'));
  const { results } = await sweep(
    [point],
    {
      ...{ version, runId: 'rehearsal', configFiles: [], metrics: builtinMetrics, store, env: {} },
      client: { place: 'controller', controller: createLocalExecutor(), loadCommand },
      logger: silentLogger,
      load: { clientLimits: ANY_CLIENT },
      replan: (same) => same,
      onEvent(event) {
        if (event.type === 'load' && event.progress.phase === 'measure') onLoad?.();
      },
      now: () => new Date(),
    },
    signal,
  );
  return results[0];
}

function judge(result: Result | undefined, fault: Fault | undefined): Verdict {
  if (result === undefined || result.state === 'interrupted' || result.state === 'skipped')
    return { kind: 'skipped', said: 'it was stopped' };
  const { expected = 'survived' } = fault ?? {};
  if (result.state === 'completed')
    return expected === 'survived' ? { kind: 'passed' } : { kind: 'wrong', said: 'it was measured' };
  const said = textOf(result.error);
  const isSaid = expected !== 'survived' && expected.some((code) => code === result.error.code);
  return { kind: isSaid ? 'lost' : 'wrong', said };
}

function nodesOf({ runner, ...planned }: PlannedPoint): number {
  if (planned.state !== 'planned' || planned.plan.kind !== 'serve') return 1;
  return needsOf(planned.plan.roles, runner.sku.devicesPerNode).nodes;
}

function namesOf(nodes: number): readonly string[] {
  return Array.from({ length: nodes }, (_, index) => `node-${index}`);
}

function textOf({ code, message }: { readonly code: string; readonly message: string }): string {
  return `${code}: ${message}`;
}
