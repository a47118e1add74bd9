import { setTimeout as delay } from 'node:timers/promises';
import { createMask } from '../../secrets.js';
import { connectionsFor, runArrival } from '../arrival/index.js';
import type { Access } from '../client/access.js';
import { createClient, type LoadClient } from '../client/client.js';
import { collectGarbage } from './collect-garbage.js';
import { joinClock, type Clock, type ClockOrigin } from '../health/clock.js';
import { loadCodec } from '../client/codecs/load-codec.js';
import { Live, type Tally } from '../health/tally.js';
import { conversationsOf } from '../prompts/conversation.js';
import type { PromptSet, PromptSource } from '../prompts/prompt.js';
import { promptSource } from '../prompts/source.js';
import { sendTurns, type TurnsOptions } from './turns.js';
import { endsAfter } from './ending.js';
import type { RequestRecord, WorkerHealth } from '../records/record.js';
import type { Keeping } from '../client/slots.js';
import type { LoadSpec } from '../spec/spec.js';
import { Timeline, type TimelineColumns } from '../health/timeline.js';
import { watchWorker } from '../health/thread-health.js';

export type ShardPhase = 'warmup' | 'measure';

/** One thread's part of a run: plain data that can be posted to it. */
export interface ShardTask extends Access {
  readonly spec: LoadSpec;
  readonly origin: ClockOrigin;
  /** Values that no record may contain. */
  readonly secrets: readonly string[];
  /** This is shard `index` of `count`. */
  readonly place: { readonly index: number; readonly count: number };
  readonly prompts: Readonly<Record<ShardPhase, PromptSet>>;
  /** Next conversation to send, per phase: threads share the counter, so each conversation is sent once and in order. */
  readonly next: Int32Array<SharedArrayBuffer>;
  readonly tally: Tally;
}

/** What starts a thread that sends requests. */
export interface SendingWork {
  readonly does: 'send';
  readonly task: ShardTask;
}

export interface ShardReport {
  readonly timeline: TimelineColumns;
  readonly health: WorkerHealth;
  readonly keeping: Keeping;
}

/** Sends its part of a run's requests. Shards share only a counter. */
export interface Shard {
  /** Opens connections; they are counted from now on. */
  connect(phase: ShardPhase, mode: LoadSpec['connections']): Promise<void>;
  /** Sends requests from `startMs` on; resolves when the last has ended. */
  run(phase: ShardPhase, startMs: number): Promise<ShardReport>;
  close(): Promise<void>;
}

export interface ShardOptions {
  readonly signal: AbortSignal;
  /** Called as each measured request ends. */
  readonly onRecord: (record: RequestRecord) => void;
}

/** A server that closes a connection after its answer has done so within this time. */
export const CLOSED_WITHIN_MS = 50;

const PHASE_INDEX = { warmup: 0, measure: 1 } as const;

/** One counter per phase. */
export function createCounters(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(8));
}

export async function createShard(task: ShardTask, options: ShardOptions): Promise<Shard> {
  const { spec } = task;
  const codec = await loadCodec(spec.endpoint);
  const clock = joinClock(task.origin);
  const mask = createMask(task.secrets);
  const hasTurns = Object.values(task.prompts).some(
    (set) => set.kind === 'stored' && set.conversations !== undefined,
  );
  const client = createClient(spec, {
    clock,
    codec,
    live: new Live(task.tally),
    signal: options.signal,
    apiKey: task.apiKey,
    headers: task.headers,
    mask: mask.text,
    keepText: hasTurns || spec.output.keepText === true,
  });
  const onRecord = (record: RequestRecord): void =>
    options.onRecord(record.text === undefined ? record : { ...record, text: mask.text(record.text) });
  return new ClientShard(task, { ...options, onRecord }, clock, client);
}

class ClientShard implements Shard {
  private readonly live: Live;
  private readonly sources = new Map<ShardPhase, PromptSource>();

  constructor(
    private readonly task: ShardTask,
    private readonly options: ShardOptions,
    private readonly clock: Clock,
    private readonly client: LoadClient,
  ) {
    this.live = new Live(task.tally);
  }

  async connect(phase: ShardPhase, mode: LoadSpec['connections']): Promise<void> {
    // Anything that prompts need is also made before the clock starts.
    this.source(phase);
    const { spec, prompts } = this.task;
    const { count } = conversationsOf(prompts[phase]);
    this.client.connectAs(mode);
    await this.client.prepare(this.share(connectionsFor(spec.arrival, count)));
    // Connections lost before the clock started don't concern the run.
    this.client.connections.dropped = 0;
    if (phase === 'measure') collectGarbage();
  }

  async run(phase: ShardPhase, startMs: number): Promise<ShardReport> {
    const timeline = new Timeline();
    const watch = watchWorker(this.task.tally, this.clock, () => this.client.latestReadMs);
    const conversations = conversationsOf(this.task.prompts[phase]);
    const { spec } = this.task;
    const dueMs =
      phase === 'measure' && spec.durationS !== undefined ? startMs + spec.durationS * 1000 : undefined;
    using ending = endsAfter(dueMs, this.clock, this.options.signal);
    const { signal } = ending;
    const turns = this.turns(phase, timeline, signal);
    await runArrival(spec.arrival, {
      count: conversations.count,
      startMs,
      signal,
      now: () => this.clock.now(),
      claim: () => this.claim(phase, conversations.count, ending.isOver),
      share: (slots) => this.share(slots),
      send: ({ index, slot, scheduledMs }) => sendTurns(conversations.at(index), slot, scheduledMs, turns),
    });
    const health = watch(timeline.sent, this.client.connections);
    if (phase === 'warmup' && timeline.sent > 0) await delay(CLOSED_WITHIN_MS);
    return { timeline: timeline.columns(), health, keeping: this.client.keeping };
  }

  close(): Promise<void> {
    this.client.close();
    return Promise.resolve();
  }

  /** Options for all conversations of a phase. */
  private turns(phase: ShardPhase, timeline: Timeline, signal: AbortSignal): TurnsOptions {
    const { client, clock, options, task } = this;
    return {
      clock,
      signal,
      prompt: this.source(phase),
      keepText: task.spec.output.keepText === true,
      // Warm-ups are numbered from 0 too, so they get no index.
      send: (slot, prompt, index) => client.send(slot, prompt, phase === 'measure' ? index : undefined),
      onRecord: (record) => {
        this.live.ended(record);
        timeline.add(record);
        if (phase === 'measure') options.onRecord(record);
      },
    };
  }

  private source(phase: ShardPhase): PromptSource {
    const source = this.sources.get(phase) ?? promptSource(this.task.prompts[phase]);
    this.sources.set(phase, source);
    return source;
  }

  private claim(phase: ShardPhase, count: number, isOver: () => boolean): number | undefined {
    if (isOver()) return undefined;
    const index = Atomics.add(this.task.next, PHASE_INDEX[phase], 1);
    return index < count ? index : undefined;
  }

  /** Slots are dealt in turn: shares differ by at most one. */
  private share(slots: number): number {
    const { index, count } = this.task.place;
    return Math.floor((slots + count - 1 - index) / count);
  }
}
