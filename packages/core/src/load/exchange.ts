import type { Clock } from './clock.js';
import type { Codec, StreamEvent } from './codec.js';
import type { Connection, Requester } from './connection.js';
import { failure, type Failure, type FailureCode } from './failure.js';
import { errorMessage } from './codec.js';
import type { RequestRecord, RequestState } from './record.js';
import { EventScanner } from './wire/event-scanner.js';

/** How one request went: its record without its place in the schedule. */
export type Outcome = Omit<RequestRecord, 'index' | 'scheduledMs' | 'requestedOutputTokens'>;

export interface ExchangeOptions {
  readonly clock: Clock;
  readonly codec: Codec;
  /** Chunks to expect; more are taken as well. */
  readonly chunks: number;
  /** Never shown in messages. */
  readonly secret?: string;
  readonly onSent?: () => void;
  /** A chunk with a non-empty `choices` has arrived. */
  readonly onChunk?: () => void;
}

const LONGEST_ERROR_BODY = 65_536;

/** One request on a connection: takes times as bytes arrive, then reads what they say. */
export class Exchange implements Requester {
  readonly ended: Promise<Outcome>;
  private settle!: (outcome: Outcome) => void;
  private over = false;
  private status = 0;
  private errorBody = '';
  private readonly scanner: EventScanner;

  private sentMs: number | undefined;
  private firstByteMs: number | undefined;
  private firstContentMs: number | undefined;
  /** Arrivals of chunks: one number each. */
  private chunkMs: Float64Array;
  private chunks = 0;
  private serverPromptTokens: number | undefined;
  private outputTokens: number | undefined;
  private finishReason: string | undefined;
  private sawDone = false;
  private error: Failure | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly options: ExchangeOptions,
  ) {
    this.ended = new Promise((resolve) => (this.settle = resolve));
    this.chunkMs = new Float64Array(options.chunks + 2);
    this.scanner = new EventScanner({
      event: (payload) => this.event(options.codec.readEvent(payload)),
      similar: (length) => this.similar(length),
    });
  }

  /** Sends the request: its head and body. */
  begin(request: string): void {
    this.sentMs = this.options.clock.now();
    this.options.onSent?.();
    this.connection.request(request, this);
  }

  head(status: number): void {
    this.status = status;
  }

  body(bytes: Buffer, begin: number, end: number): void {
    this.firstByteMs ??= this.connection.readMs;
    if (this.isOk) this.scanner.feed(bytes, begin, end);
    else if (this.errorBody.length < LONGEST_ERROR_BODY) this.errorBody += bytes.toString('utf8', begin, end);
  }

  end(): void {
    if (this.isOk) this.scanner.end();
    else this.fail(`http-${this.status}`, this.statusMessage());
    const ended = this.sawDone || this.finishReason !== undefined || this.options.codec.endsSilently === true;
    if (!ended) this.checkTruncated();
    if (this.chunks === 0) this.fail('no-chunks', 'the stream had no chunk with choices');
    this.finish(this.error === undefined ? 'completed' : 'failed', this.connection.readMs);
  }

  lost(error: Error): void {
    // After [DONE] nothing is missing, however the connection ends.
    if (!this.sawDone) this.fail('connection-lost', error.message);
    this.finish(this.error === undefined ? 'completed' : 'failed', this.connection.readMs);
  }

  /** Ends it from this side and closes the connection; the server sees that nobody listens any more. */
  stop(state: 'timed-out' | 'cancelled', message: string): void {
    if (this.over) return;
    this.fail(state, message);
    this.finish(state, this.options.clock.now());
    this.connection.close();
  }

  private get isOk(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  private event(event: StreamEvent): string | undefined {
    if (event.kind === 'done') this.sawDone = true;
    else if (event.kind === 'malformed') this.fail('malformed-chunk', event.message);
    else if (event.kind === 'error') this.fail('error-event', event.message);
    else return this.chunk(event);
    return undefined;
  }

  private chunk(event: Extract<StreamEvent, { kind: 'chunk' }>): string | undefined {
    if (event.hasChoices) this.arrived();
    if (event.textKey !== undefined) this.firstContentMs ??= this.connection.readMs;
    this.finishReason = event.finishReason ?? this.finishReason;
    this.serverPromptTokens = event.usage?.promptTokens ?? this.serverPromptTokens;
    this.outputTokens = event.usage?.outputTokens ?? this.outputTokens;
    const plain = event.hasChoices && event.finishReason === undefined && event.usage === undefined;
    return plain ? event.textKey : undefined;
  }

  private similar(length: number): void {
    this.arrived();
    if (length > 0) this.firstContentMs ??= this.connection.readMs;
  }

  private arrived(): void {
    if (this.chunks === this.chunkMs.length) {
      const larger = new Float64Array(2 * this.chunks);
      larger.set(this.chunkMs);
      this.chunkMs = larger;
    }
    this.chunkMs[this.chunks++] = this.connection.readMs;
    this.options.onChunk?.();
  }

  private checkTruncated(): void {
    if (this.chunks > 0) this.fail('truncated-stream', 'the stream ended without [DONE] or a finish_reason');
  }

  private statusMessage(): string {
    let body: unknown = this.errorBody;
    try {
      body = JSON.parse(this.errorBody);
    } catch {
      // Not JSON: the text itself is the message.
    }
    return errorMessage(body) ?? this.errorBody;
  }

  /** The first thing that goes wrong is what counts. */
  private fail(code: FailureCode, message: string): void {
    this.error ??= failure(code, message, this.options.secret);
  }

  private finish(state: RequestState, doneMs: number): void {
    if (this.over) return;
    this.over = true;
    this.settle({
      state,
      doneMs,
      chunkMs: this.chunkMs.subarray(0, this.chunks),
      ...defined({
        sentMs: this.sentMs,
        firstByteMs: this.firstByteMs,
        firstContentMs: this.firstContentMs,
        serverPromptTokens: this.serverPromptTokens,
        outputTokens: this.outputTokens,
        finishReason: this.finishReason,
        error: this.error,
      }),
    });
  }
}

/** The keys that have a value: what did not happen is left out of records. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
