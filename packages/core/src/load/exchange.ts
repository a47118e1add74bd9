import type { Dispatcher } from 'undici';
import type { Clock } from './clock.js';
import type { Connection } from './connection.js';
import { failure, type Failure, type FailureCode } from './failure.js';
import { errorMessage, readEvent, type StreamEvent } from './openai.js';
import type { RequestRecord, RequestState } from './record.js';
import { SseParser } from './sse.js';

/** How one request went: its record without its place in the schedule. */
export type Outcome = Omit<RequestRecord, 'index' | 'scheduledMs' | 'requestedOutputTokens'>;

export interface ExchangeOptions {
  readonly clock: Clock;
  /** Never shown in messages. */
  readonly secret?: string;
  readonly onSent?: () => void;
  /** A chunk with a non-empty `choices` has arrived. */
  readonly onChunk?: () => void;
}

const LONGEST_ERROR_BODY = 65_536;

/** One request on a connection: takes times as bytes arrive, then reads what they say. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly ended: Promise<Outcome>;
  private settle!: (outcome: Outcome) => void;
  private over = false;
  private controller: Dispatcher.DispatchController | undefined;
  private status = 0;
  private errorBody = '';
  private readonly parser = new SseParser((payload) => this.event(readEvent(payload)));

  private sentMs: number | undefined;
  private firstByteMs: number | undefined;
  private firstContentMs: number | undefined;
  private readonly chunkMs: number[] = [];
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
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    this.sentMs = this.options.clock.now();
    this.options.onSent?.();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, bytes: Buffer): void {
    this.firstByteMs ??= this.connection.readMs;
    if (this.isOk) this.parser.feed(bytes);
    else if (this.errorBody.length < LONGEST_ERROR_BODY) this.errorBody += bytes.toString('utf8');
  }

  onResponseEnd(): void {
    if (this.isOk) this.parser.end();
    else this.fail(`http-${this.status}`, this.statusMessage());
    if (!this.sawDone && this.finishReason === undefined) this.checkTruncated();
    if (this.chunkMs.length === 0) this.fail('no-chunks', 'the stream had no chunk with choices');
    this.finish(this.error === undefined ? 'completed' : 'failed', this.connection.readMs);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    // After [DONE] nothing is missing, however the connection ends.
    if (!this.sawDone) this.fail('connection-lost', error.message);
    this.finish(this.error === undefined ? 'completed' : 'failed', this.options.clock.now());
  }

  /** Ends it from this side and closes the connection; the server sees that nobody listens any more. */
  stop(state: 'timed-out' | 'cancelled', message: string): void {
    if (this.over) return;
    this.fail(state, message);
    this.finish(state, this.options.clock.now());
    this.controller?.abort(new Error(message));
    this.connection.close();
  }

  private get isOk(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  private event(event: StreamEvent): void {
    if (event.kind === 'done') this.sawDone = true;
    else if (event.kind === 'malformed') this.fail('malformed-chunk', event.message);
    else if (event.kind === 'error') this.fail('error-event', event.message);
    else this.chunk(event);
  }

  private chunk(event: Extract<StreamEvent, { kind: 'chunk' }>): void {
    const readMs = this.connection.readMs;
    if (event.hasChoices) {
      this.chunkMs.push(readMs);
      this.options.onChunk?.();
    }
    if (event.hasContent) this.firstContentMs ??= readMs;
    this.finishReason = event.finishReason ?? this.finishReason;
    this.serverPromptTokens = event.usage?.promptTokens ?? this.serverPromptTokens;
    this.outputTokens = event.usage?.outputTokens ?? this.outputTokens;
  }

  private checkTruncated(): void {
    if (this.chunkMs.length > 0)
      this.fail('truncated-stream', 'the stream ended without [DONE] or a finish_reason');
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
      chunkMs: this.chunkMs,
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
