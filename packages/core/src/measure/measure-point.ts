import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SweeplineError, toSweeplineError, type ErrorCode } from '../errors.js';
import { askEngine } from '../launch/engine-answers.js';
import { followGrowth, type LogGrowth } from '../launch/log-growth.js';
import type { ServerLog } from '../launch/server-logs.js';
import type { Begun } from '../launch/session.js';
import type { LoadProgress } from '../load/records/progress.js';
import type { RunRecord } from '../load/records/record.js';
import { withEnergy } from '../metrics/energy/energy.js';
import type { StallLog } from '../metrics/marks/stall-log.js';
import { serverStallsOf } from '../metrics/marks/stall.js';
import type { PlannedPoint } from '../plan/plan.js';
import type { HttpAnswer } from '../plugin/settings.js';
import type { PlacedClient } from './client-place.js';
import { pathsToAsk } from './engine-claims.js';
import type { Measurement } from './measurement.js';
import { formatSpec, runLoadProcess } from './run-process.js';
import { loadSpecFor, type LoadSettings } from './spec-for.js';
import { sampleTelemetry, type TelemetryOf } from './telemetry.js';
import { usedDevices } from './used-devices.js';

export interface MeasureDeps {
  /** What the workspace says about loads. */
  readonly load?: LoadSettings;
  readonly onProgress: (progress: LoadProgress) => void;
  readonly onWarning?: (message: string) => void;
}

/** What a load came to; logs are collected once the server has said its last. */
export type Loaded = Pick<Measurement, 'outcome' | 'stallLogs' | 'answers' | 'client' | 'reused' | 'evals'>;

/** What a point is measured with. */
export interface Serving {
  readonly begun: Begun;
  readonly client: PlacedClient;
  readonly logs: readonly ServerLog[];
}

/** Around a stall, ms: logs are followed by fractions of a second, over networks by more. */
const STALL_MARGIN_MS = 500;
export const RECORDS_FILE = 'records.jsonl';
const SPEC_FILE = 'load.json';

/** Loads a session's server with one point. Never throws: what went wrong is the outcome. */
export async function measurePoint(
  planned: PlannedPoint,
  { begun, client, logs }: Serving,
  folder: string,
  deps: MeasureDeps,
  signal: AbortSignal,
): Promise<Loaded> {
  const { place, executor, path } = client;
  const learnt: Learnt = {
    stallLogs: [],
    answers: [],
    client: { place, node: executor.node.name, path },
  };
  try {
    const run = await measure(planned, { begun, client, logs }, folder, deps, signal, learnt);
    if (!run.complete && (await isToldToStop(signal))) throw signal.reason;
    return { outcome: { run }, ...learnt };
  } catch (thrown) {
    const cause: unknown = begun.lost.aborted ? begun.lost.reason : thrown;
    return { outcome: { error: await errorOf(cause, planned, signal) }, ...learnt };
  }
}

/** nx ends a tree of processes from its leaves upwards: this process hears of it after its server and its load have ended. */
const SIGNAL_ON_ITS_WAY_MS = 'NX_TASK_TARGET_TARGET' in process.env ? 2_000 : 0;
const ENDED_PROCESSES: readonly ErrorCode[] = ['SERVER_DIED', 'NODE_UNFIT', 'LOAD_FAILED'];

/** What a point failed of, in a result's words. */
export async function errorOf(
  thrown: unknown,
  { name }: PlannedPoint,
  signal: AbortSignal,
): Promise<SweeplineError> {
  const where = { job: name };
  const error = withAdvice(toSweeplineError(thrown, 'JOB_FAILED', { where }));
  const isStopped = ENDED_PROCESSES.includes(error.code) ? await isToldToStop(signal) : signal.aborted;
  return isStopped ? new SweeplineError('INTERRUPTED', 'the sweep was stopped', { where }) : error;
}

/** Whether this process is, or in a moment will be: then what has ended was ended from outside. */
async function isToldToStop(signal: AbortSignal): Promise<boolean> {
  if (SIGNAL_ON_ITS_WAY_MS > 0) await delay(SIGNAL_ON_ITS_WAY_MS, undefined, { signal }).catch(() => {});
  return signal.aborted;
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
  stallLogs: Measurement['stallLogs'];
  answers: Measurement['answers'];
  readonly client: Measurement['client'];
}

async function measure(
  planned: PlannedPoint,
  { begun, client, logs }: Serving,
  folder: string,
  deps: MeasureDeps,
  signal: AbortSignal,
  learnt: Learnt,
): Promise<RunRecord> {
  const { server } = begun;
  const ask = async (when: HttpAnswer['when']): Promise<void> => {
    const paths = pathsToAsk(planned.framework.plugin);
    const answers = await askEngine(server.endpoint.executor, server.baseUrl, paths, when, signal);
    learnt.answers = [...learnt.answers, ...answers];
  };
  await ask('before-load');
  const followed = logs.map((log) => ({ file: log.file, growth: followGrowth(log) }));
  // Who stops a sweep may stop the programs that read devices with it.
  const warn = (message: string): void => {
    if (!signal.aborted) deps.onWarning?.(message);
  };
  const telemetry = sampleTelemetry(telemetryOf(planned, begun, client), folder, warn);
  try {
    await telemetry.bracket();
    const run = await loadServer(planned, begun, client, folder, deps, signal);
    await telemetry.bracket();
    learnt.stallLogs = await stallLogsOf(run, followed);
    await ask('after-load');
    return withEnergy(run, await telemetry.stop());
  } finally {
    for (const { growth } of followed) growth.stop();
    await telemetry.stop();
  }
}

function telemetryOf({ runner }: PlannedPoint, { plan, lease }: Begun, client: PlacedClient): TelemetryOf {
  const { executors } = lease;
  return {
    ...{ hardware: runner.hardware.plugin, executors, client: client.executor },
    devices: usedDevices(plan, runner.sku.devicesPerNode, executors),
  };
}

interface FollowedLog {
  readonly file: string;
  readonly growth: LogGrowth;
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

/** Runs the load; a server that dies, or nodes that are lost, end it. Its records come home whatever came of it. */
async function loadServer(
  { name, point }: PlannedPoint,
  { plan, server, lost }: Begun,
  client: PlacedClient,
  home: string,
  { load: settings, onProgress, onWarning }: MeasureDeps,
  signal: AbortSignal,
): Promise<RunRecord> {
  const stop = new AbortController();
  const { executor, command, cwd } = client;
  const folder = client.folderFor(name, home);
  const wanted = await loadSpecFor(point, plan.client, server.baseUrl, join(folder, RECORDS_FILE), settings);
  const spec = await client.carry(wanted, folder);
  await writeFile(join(home, SPEC_FILE), formatSpec(spec));
  const load = runLoadProcess(
    spec,
    executor,
    {
      ...{ command, specFile: join(folder, SPEC_FILE), recordsHome: join(home, RECORDS_FILE), onProgress },
      ...(cwd !== undefined && { cwd }),
      ...(onWarning !== undefined && { onWarning }),
    },
    AbortSignal.any([signal, lost, stop.signal]),
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
