import { join } from 'node:path';
import { SweeplineError, toSweeplineError } from '../errors.js';
import type { Replica } from '../launch/addresses.js';
import { askEngine } from '../launch/engine-answers.js';
import { followGrowth, type LogGrowth } from '../launch/log-growth.js';
import { logFileOf, readProcessLog, type ProcessLog } from '../launch/server-logs.js';
import { checkSku, type SkuFinding } from '../launch/sku-check.js';
import { startServer, type RunningServer } from '../launch/server.js';
import type { LoadProgress } from '../load/records/progress.js';
import type { RunRecord } from '../load/records/record.js';
import type { StallLog } from '../metrics/marks/stall-log.js';
import { serverStallsOf } from '../metrics/marks/stall.js';
import { nodesOf } from '../plan/layout.js';
import type { PlannedPoint } from '../plan/plan.js';
import type { HardwarePlugin } from '../plugin/hardware.js';
import type { ServePlan } from '../plugin/launch-plan.js';
import type { Executor, NodeFacts } from '../plugin/node.js';
import type { HttpAnswer } from '../plugin/settings.js';
import { createMask, secretsIn, type Mask } from '../secrets.js';
import { checkDataSet } from './check-loads.js';
import { pathsToAsk } from './engine-claims.js';
import { runLoadProcess } from './run-process.js';
import { assertLoadable, loadSpecFor, type LoadSettings } from './spec-for.js';

/** What a point is doing. */
export type Phase = 'acquire' | 'start' | 'load' | 'stop' | 'save';

export interface MeasureDeps {
  /** The point planned again with what is known of the node that is held. */
  readonly replan: (planned: PlannedPoint, facts: NodeFacts) => PlannedPoint;
  /** Argv that starts a load process, without its spec. */
  readonly loadCommand: readonly string[];
  /** What the workspace says about loads. */
  readonly load?: LoadSettings;
  /** Takes secrets out of what is kept and said. */
  readonly mask: Mask;
  readonly onPhase: (phase: Phase) => void;
  readonly onProgress: (progress: LoadProgress) => void;
  readonly onWarning?: (message: string) => void;
}

/** What came of a point: a run, or an error; and in both cases what was learnt on the way. */
export interface Measurement {
  readonly outcome: { readonly run: RunRecord } | { readonly error: SweeplineError };
  /** The node that served, once one was held. */
  readonly node?: { readonly name: string; readonly facts: NodeFacts };
  /** What the server's processes wrote, in the order in which they were started. */
  readonly logs: readonly ProcessLog[];
  /** What they wrote while the server stood still, where it did. */
  readonly stallLogs?: readonly StallLog[];
  /** What its endpoint answered about itself, before the load and after it. */
  readonly answers: readonly HttpAnswer[];
  /** What is not sure about the nodes' devices. */
  readonly findings: readonly SkuFinding[];
  /** What was launched: the plan with the node's facts. */
  readonly planned: PlannedPoint;
}

/** Around a stall, ms: logs are followed by the second. */
const STALL_MARGIN_MS = 500;
const RECORDS_FILE = 'records.jsonl';
const SPEC_FILE = 'load.json';

/** Launches, loads and stops one point. Never throws: what went wrong is the measurement's outcome. */
export async function measurePoint(
  planned: PlannedPoint,
  workDir: string,
  deps: MeasureDeps,
  signal: AbortSignal,
): Promise<Measurement> {
  const learnt: Learnt = { logs: [], answers: [], findings: [], planned };
  try {
    const run = await measure(planned, workDir, deps, signal, learnt);
    return { outcome: { run }, ...learnt };
  } catch (thrown) {
    const where = { job: planned.name };
    const error = signal.aborted
      ? new SweeplineError('INTERRUPTED', 'the sweep was stopped', { where })
      : withAdvice(toSweeplineError(thrown, 'JOB_FAILED', { where }));
    return { outcome: { error }, ...learnt };
  }
}

/** What a load process can't know: where a sweep's tokenizers are named. */
function withAdvice(error: SweeplineError): SweeplineError {
  if (error.code !== 'TOKENIZER_INVALID') return error;
  const { code, message, where, cause } = error;
  const here = '`client.tokenizers` in configs/sweepline.yaml names another for a model, or none';
  return new SweeplineError(code, message, {
    where,
    cause,
    hint: [error.hint ?? [], here].flat().join('; '),
  });
}

/** Filled on the way, so that a failure keeps what was known by then. */
interface Learnt {
  node?: Measurement['node'];
  logs: Measurement['logs'];
  stallLogs?: readonly StallLog[];
  answers: Measurement['answers'];
  findings: Measurement['findings'];
  planned: PlannedPoint;
}

/** For the secrets of this process's environment and of what the plan sets. */
export function maskFor(planned: PlannedPoint, env: Readonly<Record<string, string | undefined>>): Mask {
  const roles = planned.state === 'planned' && planned.plan.kind === 'serve' ? planned.plan.roles : [];
  return createMask([env, ...roles.map((role) => role.env)].flatMap(secretsIn));
}

function servePlanOf(planned: PlannedPoint): ServePlan {
  if (planned.state === 'failed') throw planned.error;
  if (planned.state === 'rejected') {
    const { reason, nearest } = planned.rejection;
    const hint =
      nearest === undefined ? {} : { hint: `The nearest choice that runs: ${JSON.stringify(nearest)}.` };
    throw new SweeplineError('JOB_REJECTED', reason, hint);
  }
  if (planned.plan.kind === 'serve') return planned.plan;
  throw new SweeplineError(
    'PLAN_UNSUPPORTED',
    'the plan hands the whole job to another program, which no launcher here can start',
  );
}

async function measure(
  planned: PlannedPoint,
  workDir: string,
  deps: MeasureDeps,
  signal: AbortSignal,
  learnt: Learnt,
): Promise<RunRecord> {
  const { label, sku, hardware } = planned.runner;
  assertLoadable(planned.point.job);
  await checkDataSet(planned.point.job, deps.load);
  const nodes = nodesOf(servePlanOf(planned).roles, sku.devicesPerNode);
  const launcher = planned.runner.launcher();
  deps.onPhase('acquire');
  await using lease = await launcher.plugin.acquire({ runner: label, sku, nodes, workDir }, signal);
  const [executor] = lease.executors;
  if (executor === undefined)
    throw new SweeplineError('PLAN_UNSUPPORTED', `launcher ${launcher.plugin.name} gave no node`);
  learnt.findings = await checkSku(planned.runner, servePlanOf(planned), lease.executors, signal);
  const facts = await factsOf(hardware.plugin, executor, signal);
  learnt.node = { name: executor.node.name, facts };
  learnt.planned = deps.replan(planned, facts);
  const plan = servePlanOf(learnt.planned);
  deps.onPhase('start');
  const started: Replica[] = [];
  const onStarted = (replica: Replica): void => void started.push(replica);
  try {
    await using server = await startServer(plan, {
      lease,
      runner: planned.runner,
      workDir,
      signal,
      mask: deps.mask,
      onStarted,
    });
    const ask = async (when: HttpAnswer['when']): Promise<void> => {
      const paths = pathsToAsk(planned.framework.plugin);
      learnt.answers = [...learnt.answers, ...(await askEngine(server.baseUrl, paths, when, signal))];
    };
    await ask('before-load');
    deps.onPhase('load');
    const logs = started.map((replica) => followLog(replica, workDir));
    const run = await loadServer(server, executor, planned, plan, workDir, deps, signal).finally(() =>
      logs.forEach(({ growth }) => growth.stop()),
    );
    learnt.stallLogs = await stallLogsOf(run, logs);
    await ask('after-load');
    deps.onPhase('stop');
    return run;
  } finally {
    learnt.logs = await Promise.all(
      started.map((replica) => readProcessLog(replica, replica.executor, workDir)),
    );
  }
}

interface FollowedLog {
  readonly file: string;
  readonly growth: LogGrowth;
}

function followLog(replica: Replica, workDir: string): FollowedLog {
  const file = logFileOf(replica);
  return { file, growth: followGrowth(replica.executor, join(workDir, file)) };
}

/** What a server wrote while it stood still, from a moment before to a moment after: what held it up may be said only then. */
async function stallLogsOf(run: RunRecord, logs: readonly FollowedLog[]): Promise<readonly StallLog[]> {
  const longest = [...serverStallsOf(run)].sort((a, b) => b.lostMs - a.lostMs)[0];
  if (longest === undefined) return [];
  const [from, until] = [run.originUnixMs + longest.startMs, run.originUnixMs + longest.endMs];
  return Promise.all(
    logs.map(async ({ file, growth }) => ({
      file,
      lines: await growth.linesBetween(from - STALL_MARGIN_MS, until + STALL_MARGIN_MS),
    })),
  );
}

async function factsOf(
  hardware: HardwarePlugin,
  executor: Executor,
  signal: AbortSignal,
): Promise<NodeFacts> {
  return (await hardware.preflight?.(executor, signal)) ?? {};
}

/** Runs the load beside the server; a server that dies ends it. */
async function loadServer(
  server: RunningServer,
  executor: Executor,
  { point }: PlannedPoint,
  plan: ServePlan,
  workDir: string,
  deps: MeasureDeps,
  signal: AbortSignal,
): Promise<RunRecord> {
  const stop = new AbortController();
  const spec = await loadSpecFor(point, plan.client, server.baseUrl, join(workDir, RECORDS_FILE), deps.load);
  const load = runLoadProcess(
    spec,
    executor,
    { ...deps, command: deps.loadCommand, specFile: join(workDir, SPEC_FILE) },
    AbortSignal.any([signal, stop.signal]),
  );
  try {
    const run = await Promise.race([load, server.died.then((error) => Promise.reject(error))]);
    // A load against a dead server ends by itself, each request failing at once: that it died is what is to be said.
    await server.checkAlive();
    return run;
  } finally {
    stop.abort();
    await load.catch(() => {});
  }
}
