import type { SweeplineError } from '../../errors.js';
import { createMask } from '../../secrets.js';
import type { Access } from '../client/access.js';
import type { PromptCache } from '../prompts/cache.js';
import { startClock, type Clock } from '../health/clock.js';
import { healthOf, healthOfWorkers } from '../health/health.js';
import { IDLE_LIMIT_S, watchIdle } from './idle.js';
import { createTally, Live, resetTally, type Tally } from '../health/tally.js';
import type { MachineRecord } from '../health/machine/machine.js';
import { windowOf } from '../health/window.js';
import { PhaseProgress } from '../health/phase-progress.js';
import type { LoadProgress, Phase } from '../records/progress.js';
import { connectionsAfter } from '../client/keeping.js';
import type { Prompts } from '../prompts/prompt.js';
import type { RequestRecord, RunRecord } from '../records/record.js';
import { settlePrompts } from './settle-prompts.js';
import { startServerMetrics } from '../server-metrics/server-metrics.js';
import {
  createCounters,
  createShard,
  type Shard,
  type ShardOptions,
  type ShardPhase,
  type ShardReport,
  type ShardTask,
} from './shard.js';
import type { Keeping } from '../client/slots.js';
import type { LoadSpec } from '../spec/spec.js';
import { joinTimelines, timelineOf } from '../health/timeline.js';
import type { Tokenizer } from '../../tokenizer/tokenizer.js';
import { workerCount } from './thread-count.js';

/** Facts about a run that are known when measuring begins. */
export type RunHead = Pick<RunRecord, 'spec' | 'originUnixMs' | 'prompts' | 'warmups' | 'connections'>;

/** A run without its requests. */
export type RunSummary = Omit<RunRecord, 'requests'>;

/** Starts one of the threads of a run; its records are not sent back. */
export type StartThread = (task: ShardTask, signal: AbortSignal) => Promise<Shard>;

export interface GenerateOptions extends Access {
  /** Stops the run: requests in flight become `cancelled`, and no more are sent. */
  readonly signal?: AbortSignal;
  /** Values that no record and no message may contain; the token is always one of them. */
  readonly secrets?: readonly string[];
  /** CPU seconds that this process has used so far. */
  readonly cpuSeconds?: () => number;
  /** Watches the machine until the returned function is called. */
  readonly watchMachine?: (clock: Clock) => () => MachineRecord;
  /** Replaces the tokenizer that the spec names. */
  readonly tokenizer?: Tokenizer;
  /** Where prompts that took long to make are kept for the next run. */
  readonly promptCache?: PromptCache;
  /** At most five times a second, and at the end of each phase. */
  readonly onProgress?: (event: LoadProgress) => void;
  /**
   * Called once when there was no progress for the spec's `timeouts.idleS`; the callback stops the run with its signal. Without
   * it there is no such limit.
   */
  readonly onIdle?: (error: SweeplineError) => void;
  /** Something that readers of the results should know, though the run continues. */
  readonly onWarning?: (message: string) => void;
  /** Called once before the first measured request, which waits for it. */
  readonly onStart?: (head: RunHead) => void | Promise<void>;
  /** Called as each measured request ends, for those that this thread sent. */
  readonly onRecord?: (record: RequestRecord) => void;
  /** Pauses before a busy endpoint is asked again how it accepts prompts, ms. */
  readonly retryPausesMs?: readonly number[];
  /** How to start sending threads; without it this thread sends all requests. */
  readonly startThread?: StartThread;
}

/**
 * Loads an endpoint as the spec says, from this thread only, and keeps the records. Requests that fail are counted and the run
 * continues; it rejects only when the endpoint can't be used at all.
 */
export async function generateLoad(
  spec: LoadSpec,
  options: Omit<GenerateOptions, 'startThread'> = {},
): Promise<RunRecord> {
  const requests: RequestRecord[] = [];
  const stop = new AbortController();
  let idle: SweeplineError | undefined;
  const summary = await runLoad(spec, {
    onIdle: (error) => {
      idle = error;
      stop.abort();
    },
    ...options,
    signal: AbortSignal.any([stop.signal, ...(options.signal === undefined ? [] : [options.signal])]),
    onRecord: (record) => {
      requests.push(record);
      options.onRecord?.(record);
    },
  });
  if (idle !== undefined) throw idle;
  requests.sort((a, b) => a.index - b.index);
  return { ...summary, requests };
}

/**
 * Loads an endpoint as the spec says: finds out how it accepts prompts, warms it up, measures. Records are passed on as requests
 * end.
 */
export async function runLoad(spec: LoadSpec, options: GenerateOptions = {}): Promise<RunSummary> {
  const run = new Run(spec, options, startClock(), options.signal ?? new AbortController().signal);
  const prompts = await run.settlePrompts();
  if (prompts === undefined) return run.stoppedEarly();
  try {
    await run.start(prompts);
    return await run.measure(await run.warmUp(prompts));
  } finally {
    await run.close();
  }
}

/** The phases of one run. */
class Run {
  private shards: readonly Shard[] = [];
  private tallies: readonly Tally[] = [];
  /** Whether the endpoint kept the connection of the probe. */
  private probed: Keeping | undefined;

  constructor(
    private readonly spec: LoadSpec,
    private readonly options: GenerateOptions,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {}

  /** Finds the form of prompts and makes them; undefined when the run was stopped in the meantime. */
  async settlePrompts(): Promise<Prompts | undefined> {
    const { spec, clock, signal, options } = this;
    const tally = createTally();
    try {
      const { prompts, keeping } = await this.withProgress('probe', undefined, [tally], () =>
        settlePrompts(spec, {
          ...options,
          mask: createMask(secretsOf(options)).text,
          clock,
          signal,
          live: new Live(tally),
        }),
      );
      this.probed = keeping;
      return prompts;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  /** Starts the senders: this thread itself, or others. */
  async start(prompts: Prompts): Promise<void> {
    const { spec, clock, signal, options } = this;
    const count = options.startThread === undefined ? 1 : workerCount(spec);
    const next = createCounters();
    this.tallies = Array.from({ length: count }, createTally);
    const tasks = this.tallies.map((tally, index): ShardTask => ({
      spec,
      origin: { originUnixMs: clock.originUnixMs, originMonotonicMs: clock.originMonotonicMs },
      ...(options.apiKey !== undefined && { apiKey: options.apiKey }),
      ...(options.headers !== undefined && { headers: options.headers }),
      secrets: secretsOf(options),
      place: { index, count },
      prompts: { warmup: prompts.warmups, measure: prompts.measured },
      next,
      tally,
    }));
    const { startThread } = options;
    const local: ShardOptions = { signal, onRecord: (record) => options.onRecord?.(record) };
    const start = (task: ShardTask) =>
      startThread === undefined ? createShard(task, local) : startThread(task, signal);
    const started = await Promise.allSettled(tasks.map(start));
    // Those that started are closed even if another failed.
    this.shards = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    for (const one of started) if (one.status === 'rejected') throw one.reason;
  }

  async warmUp({ facts }: Prompts): Promise<RunHead> {
    const { spec, clock } = this;
    const reports = await this.run('warmup', spec.numWarmups);
    const { completed, sentMs } = joinTimelines(reports.map(({ timeline }) => timeline));
    const connections = connectionsAfter(spec, [
      ...(this.probed === undefined ? [] : [this.probed]),
      ...reports.map(({ keeping }) => keeping),
    ]);
    return {
      spec,
      originUnixMs: clock.originUnixMs,
      prompts: facts,
      warmups: { completed, failed: sentMs.length - completed },
      ...(connections !== undefined && { connections }),
    };
  }

  async measure(head: RunHead): Promise<RunSummary> {
    const { apiKey, headers, onWarning } = this.options;
    const metrics = await startServerMetrics(this.spec, this.clock, { apiKey, headers }, onWarning);
    try {
      await this.connect('measure', head.connections?.used);
      await this.options.onStart?.(head);
      const { cpuSeconds, watchMachine } = this.options;
      const machine = watchMachine?.(this.clock);
      const cpuBefore = cpuSeconds?.();
      const reports = await this.run('measure', this.spec.numPrompts);
      const cpuAfter = cpuSeconds?.();
      const cpuS = cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore;
      const taken = { cpuS, machine: machine?.() };
      return this.summary(head, reports, taken, await metrics.stop());
    } finally {
      await metrics.stop();
    }
  }

  private summary(
    head: RunHead,
    reports: readonly ShardReport[],
    taken: Parameters<typeof healthOfWorkers>[2],
    server: RunRecord['server'],
  ): RunSummary {
    const timeline = joinTimelines(reports.map((report) => report.timeline));
    const { numPrompts, durationS } = this.spec;
    const records = timeline.sentMs.length;
    // A load with a duration is complete no matter how many requests it had.
    const isEnded = durationS === undefined ? records === numPrompts : !this.signal.aborted;
    const workers = reports.map(({ health }) => health);
    return {
      ...head,
      window: windowOf(timeline),
      client: healthOfWorkers(timeline, workers, taken),
      ...(server !== undefined && { server }),
      ...(durationS !== undefined && { records }),
      complete: isEnded && timeline.cancelled === 0,
    };
  }

  stoppedEarly(): RunSummary {
    const nothing = timelineOf([]);
    return {
      spec: this.spec,
      originUnixMs: this.clock.originUnixMs,
      window: windowOf(nothing),
      warmups: { completed: 0, failed: 0 },
      client: healthOf(nothing),
      complete: false,
    };
  }

  async close(): Promise<void> {
    // A thread that died can't be closed; its error was already reported.
    await Promise.allSettled(this.shards.map((shard) => shard.close()));
  }

  /** Connections are opened before the clock of a phase starts. */
  private async connect(phase: ShardPhase, mode = this.spec.connections): Promise<void> {
    await Promise.all(this.shards.map((shard) => shard.connect(phase, mode)));
  }

  private async run(phase: ShardPhase, total: number): Promise<readonly ShardReport[]> {
    if (phase === 'warmup') await this.connect(phase);
    for (const tally of this.tallies) resetTally(tally);
    const startMs = this.clock.now();
    return this.withProgress(phase, total, this.tallies, () =>
      Promise.all(this.shards.map((shard) => shard.run(phase, startMs))),
    );
  }

  private async withProgress<T>(
    phase: Phase,
    total: number | undefined,
    tallies: readonly Tally[],
    body: () => Promise<T>,
  ): Promise<T> {
    const progress = new PhaseProgress(
      phase,
      total,
      tallies,
      this.clock,
      (event) => this.options.onProgress?.(event),
      phase === 'measure' ? this.spec.durationS : undefined,
    );
    const { onIdle } = this.options;
    const idle = onIdle && watchIdle(tallies, this.spec.timeouts.idleS ?? IDLE_LIMIT_S, onIdle);
    try {
      return await body();
    } finally {
      idle?.stop();
      progress.close();
    }
  }
}

function secretsOf({ apiKey, secrets = [] }: GenerateOptions): readonly string[] {
  return apiKey === undefined ? secrets : [apiKey, ...secrets];
}
