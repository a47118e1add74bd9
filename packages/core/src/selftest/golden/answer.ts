import type { Clock } from '../../load/health/clock.js';
import { Events, join, type Rendered } from './events.js';
import type { AnswerFacts } from './formats/format.js';
import { httpChunks, LAST_CHUNK, streamHead } from './http.js';
import type { LogRow } from './log-row.js';
import type { Due, Metronome } from './metronome.js';
import type { AnswerOptions } from './options.js';
import type { Outlet } from './outlet.js';
import { Pace } from './pace.js';

export interface AnswerContext {
  readonly clock: Clock;
  readonly metronome: Metronome;
  readonly outlet: Outlet;
  readonly events: Events;
  readonly options: AnswerOptions;
  readonly row: LogRow;
  /** When it got its slot: the start of its schedule. */
  readonly beginMs: number;
  /** Whether the connection stays open after the answer, as the head says. */
  readonly keepAlive: boolean;
  /** Called after the last write, which was due at `dueMs`. */
  readonly onEnd: (how: 'completed' | 'broken-off', dueMs: number) => void;
}

/** The token stream of one request, written on its schedule. */
export class Answer implements Due {
  private readonly pace: Pace;
  private readonly id: Buffer;
  /** Number of tokens written. */
  private written = 0;
  private lastDueMs: number;
  private stopped = false;

  constructor(
    private readonly facts: AnswerFacts,
    private readonly context: AnswerContext,
  ) {
    const { options, beginMs } = context;
    this.pace = new Pace(options, beginMs, facts.ordinal);
    this.lastDueMs = beginMs;
    this.id = Buffer.from(facts.id);
  }

  get dueMs(): number {
    return this.pace.dueMs;
  }

  start(): void {
    const { options, outlet, metronome } = this.context;
    if (options.stop?.afterTokens === 0) this.breakOff(options.stop.how);
    else if (options.earlyHead) outlet.write(this.head(), () => metronome.add(this));
    else metronome.add(this);
  }

  /** The client has gone. */
  stop(): void {
    this.stopped = true;
  }

  /** Writes everything that is due. */
  go(): void {
    if (this.stopped) return;
    const { context, facts, written: first } = this;
    const { options, clock, row, outlet } = context;
    const end = Math.min(first + options.eventsPerWrite, facts.tokens, options.stop?.afterTokens ?? Infinity);
    const bytes = this.bytes(first, end);
    const { dueMs } = this;
    const sentMs = clock.now();
    row.sent(dueMs, sentMs, end - first);
    this.lastDueMs = dueMs;
    this.written = end;
    this.pace.next(sentMs);
    outlet.write(bytes, () => this.wrote(), options.split, facts.ordinal + first);
  }

  private wrote(): void {
    if (this.stopped) return;
    const { options, onEnd, metronome } = this.context;
    if (this.written === options.stop?.afterTokens) this.breakOff(options.stop.how);
    else if (this.written === this.facts.tokens) onEnd('completed', this.lastDueMs);
    else metronome.add(this);
  }

  /** The bytes to write with the tokens from `first` to `end`. */
  private bytes(first: number, end: number): Buffer {
    const { options } = this.context;
    const events = this.eventsOf(first, end);
    const before = first === 0 && !options.earlyHead ? this.head() : undefined;
    const isLast = end === this.facts.tokens;
    const after = isLast && options.framing === 'chunked' ? LAST_CHUNK : undefined;
    if (options.framing !== 'chunked' || options.chunkBytes === undefined)
      return join(events, this.id, before, after);
    const body = httpChunks(join(events, this.id), options.chunkBytes);
    return Buffer.concat([before ?? Buffer.alloc(0), body, after ?? Buffer.alloc(0)]);
  }

  private eventsOf(first: number, end: number): Rendered[] {
    const { events } = this.context;
    const { facts } = this;
    const parts = first === 0 ? events.opening(facts) : [];
    for (let token = first; token < end; token++) parts.push(events.token(facts, token));
    if (end === facts.tokens) parts.push(...events.closing(facts));
    return parts;
  }

  private head(): Buffer {
    const { options, keepAlive } = this.context;
    const counted = options.framing === 'content-length';
    const length = counted ? join(this.eventsOf(0, this.facts.tokens), this.id).length : undefined;
    return streamHead(options, keepAlive, length);
  }

  private breakOff(how: NonNullable<AnswerOptions['stop']>['how']): void {
    const { outlet, onEnd } = this.context;
    this.stopped = true;
    onEnd('broken-off', this.lastDueMs);
    if (how === 'fin') outlet.end();
    else if (how === 'reset') outlet.flushed(() => outlet.reset());
  }
}
