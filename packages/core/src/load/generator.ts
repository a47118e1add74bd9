import { SweeplineError } from '../errors.js';
import { connectionsFor } from './arrival/index.js';
import { createClient, type LoadClient } from './client.js';
import { startClock, type Clock } from './clock.js';
import type { Outcome } from './exchange.js';
import { healthOf, watchHealth } from './health.js';
import { windowOf } from './measured.js';
import { PhaseProgress } from './phase-progress.js';
import { runPhase } from './phase.js';
import { isUnreachable, probeError } from './probe.js';
import type { Phase, LoadProgress } from './progress.js';
import type { Prompt, Prompts } from './prompts/prompt.js';
import { promptSource } from './prompts/source.js';
import { makePrompts } from './workloads/index.js';
import type { RequestRecord, RunRecord } from './record.js';
import type { LoadSpec } from './spec.js';

/** What is known of a run when measuring begins. */
export type RunHead = Pick<RunRecord, 'spec' | 'originUnixMs' | 'prompts' | 'warmups'>;

export interface GenerateOptions {
  /** Stops the run: requests in flight become `cancelled`, no more are sent. */
  readonly signal?: AbortSignal;
  /** Bearer token for the endpoint. */
  readonly apiKey?: string;
  /** CPU seconds that this process has used so far. */
  readonly cpuSeconds?: () => number;
  /** At most five times a second, and at the end of each phase. */
  readonly onProgress?: (event: LoadProgress) => void;
  /** Once, before the first measured request is sent. */
  readonly onStart?: (head: RunHead) => void;
  /** As each measured request ends. */
  readonly onRecord?: (record: RequestRecord) => void;
}

/**
 * Loads an endpoint as the spec says: asks it how it takes prompts, warms it up, measures. Requests that fail are counted and
 * the run goes on; it rejects only when the endpoint can't be used at all.
 */
export async function generateLoad(spec: LoadSpec, options: GenerateOptions = {}): Promise<RunRecord> {
  const clock = startClock();
  const signal = options.signal ?? new AbortController().signal;
  const client = createClient(spec, { clock, signal, apiKey: options.apiKey });
  const run = new Run(spec, options, clock, signal, client);
  try {
    const prompts = await run.probe();
    if (prompts === undefined) return run.stoppedEarly();
    const head = await run.warmUp(prompts);
    return await run.measure(prompts, head);
  } finally {
    client.close();
  }
}

/** One run's phases. */
class Run {
  constructor(
    private readonly spec: LoadSpec,
    private readonly options: GenerateOptions,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
    private readonly client: LoadClient,
  ) {}

  /** Settles the form of prompts; undefined when the run was stopped meanwhile. */
  async probe(): Promise<Prompts | undefined> {
    return this.withProgress('probe', undefined, async (progress) => {
      try {
        return await makePrompts(this.spec.prompts, {
          spec: this.spec,
          signal: this.signal,
          ask: (prompt, mayBeRefused) => this.ask(prompt, mayBeRefused, progress),
        });
      } catch (error) {
        if (this.signal.aborted) return undefined;
        throw error;
      }
    });
  }

  async warmUp({ warmups, facts }: Prompts): Promise<RunHead> {
    await this.connect(this.spec.numWarmups);
    const records = await this.run('warmup', this.spec.numWarmups, warmups);
    const completed = records.filter(({ state }) => state === 'completed').length;
    const { spec, clock } = this;
    return {
      spec,
      originUnixMs: clock.originUnixMs,
      prompts: facts,
      warmups: { completed, failed: records.length - completed },
    };
  }

  async measure(prompts: Prompts, head: RunHead): Promise<RunRecord> {
    await this.connect(this.spec.numPrompts);
    this.options.onStart?.(head);
    const health = watchHealth(this.options.cpuSeconds);
    const requests = await this.run('measure', this.spec.numPrompts, prompts.measured, this.options.onRecord);
    const client = health(requests);
    const complete =
      requests.length === this.spec.numPrompts && requests.every(({ state }) => state !== 'cancelled');
    return { ...head, window: windowOf(requests), requests, client, complete };
  }

  stoppedEarly(): RunRecord {
    return {
      spec: this.spec,
      originUnixMs: this.clock.originUnixMs,
      window: windowOf([]),
      requests: [],
      warmups: { completed: 0, failed: 0 },
      client: healthOf([]),
      complete: false,
    };
  }

  /** Connections are opened before a phase's clock starts and its health is watched. */
  private connect(requests: number): Promise<void> {
    return this.client.prepare(connectionsFor(this.spec.arrival, requests));
  }

  private async ask(prompt: Prompt, mayBeRefused = false, progress: PhaseProgress): Promise<Outcome> {
    const outcome = await this.client.send(0, prompt, {
      onSent: () => progress.sent(),
      onChunk: () => progress.chunk(),
    });
    progress.ended(outcome);
    if (outcome.state === 'completed' || (mayBeRefused && !isUnreachable(outcome))) return outcome;
    if (outcome.state === 'cancelled') throw new SweeplineError('INTERRUPTED', 'the run was stopped');
    throw await probeError(this.spec, outcome, this.options.apiKey);
  }

  private run(
    phase: Phase,
    count: number,
    prompts: Prompts['measured'],
    onRecord?: (record: RequestRecord) => void,
  ): Promise<RequestRecord[]> {
    const { client, clock, signal } = this;
    return this.withProgress(phase, count, (progress) =>
      runPhase({
        arrival: this.spec.arrival,
        prompts: promptSource(prompts),
        count,
        client,
        clock,
        signal,
        progress,
        onRecord,
      }),
    );
  }

  private async withProgress<T>(
    phase: Phase,
    total: number | undefined,
    body: (progress: PhaseProgress) => Promise<T>,
  ): Promise<T> {
    const progress = new PhaseProgress(phase, total, this.clock, (event) => this.options.onProgress?.(event));
    try {
      return await body(progress);
    } finally {
      progress.close();
    }
  }
}
