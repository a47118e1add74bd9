import { AnswerText } from './answer-text.js';
import type { Clock } from '../health/clock.js';
import { errorMessage, type Codec, type StreamEvent, type Usage } from './codec.js';
import type { Connection, Requester } from './connection.js';
import { failure, type Failure, type FailureCode } from './failure.js';
import type { Live } from '../health/tally.js';
import type { Outcome, RequestState } from '../records/request-record.js';
import { EventScanner } from './wire/event-scanner.js';
import { impossibleUsage, possibleCounts } from './usage.js';
import { MalformedResponse } from './wire/response-reader.js';

export interface ExchangeOptions {
  readonly clock: Clock;
  readonly codec: Codec;
  readonly live: Live;
  /** Removes secrets from messages. */
  readonly mask?: (text: string) => string;
  /** Limit from sending to the end, ms. */
  readonly timeoutMs: number;
  /** Whether outcomes include the text of the answer. */
  readonly keepText?: boolean;
  /** Most output tokens per chunk, if known. */
  readonly mostPerChunk?: number;
}

const LONGEST_ERROR_BODY = 65_536;

type Chunk = Extract<StreamEvent, { kind: 'chunk' }>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Noted = Omit<Mutable<Outcome>, 'state' | 'doneMs' | 'chunkMs' | 'error' | UsageField>;
type UsageField = 'outputTokens' | 'serverPromptTokens' | 'cachedTokens' | 'textChunks';

/** The requests of one slot, one after the other: takes times as bytes arrive, then parses the bytes. */
export class Exchange implements Requester {
  /** Whether the latest request lost its connection before any byte of the answer arrived. */
  unanswered = false;
  private settle: ((outcome: Outcome) => void) | undefined;
  private connection!: Connection;
  private readonly scanner: EventScanner;
  private readonly text: AnswerText | undefined;

  private status = 0;
  private retryAfterS: number | undefined;
  /** The raw bytes, one character each: a multi-byte character may be split between reads. */
  private errorBody = '';
  private noted: Noted = {};
  /** Arrival times of chunks, one number each. */
  private chunkMs = new Float64Array(0);
  private chunks = 0;
  /** Chunks without text: these are rare, so chunks with text needn't be counted individually. */
  private emptyChunks = 0;
  /** The latest usage that the server sent. */
  private usage: Mutable<Usage> = {};
  private asked = 0;
  private sawDone = false;
  private error: Failure | undefined;
  /** One timer for all requests: it is reset for each. */
  private timeout: NodeJS.Timeout | undefined;

  constructor(private readonly options: ExchangeOptions) {
    this.text = options.keepText === true ? new AnswerText(options.codec.cumulative === true) : undefined;
    this.scanner = new EventScanner({
      event: (payload) => this.event(options.codec.readEvent(payload)),
      similar: (bytes, begin, end) => this.similar(bytes, begin, end),
    });
  }

  /**
   * Sends a request (head and body) and resolves when it has ended, whatever the outcome; never rejects.
   * @param asked output tokens that it asks for: about as many chunks are expected, but more are accepted.
   */
  send(connection: Connection, request: string, asked: number): Promise<Outcome> {
    this.reset(connection, asked);
    this.startTimeout();
    const ended = new Promise<Outcome>((resolve) => (this.settle = resolve));
    const sentMs = this.options.clock.now();
    this.noted.sentMs = sentMs;
    connection.request(request, this, sentMs);
    return ended;
  }

  /** When the latest bytes of an answer arrived, ms; 0 before the first ones. */
  get readMs(): number {
    return this.connection.readMs;
  }

  head(status: number, retryAfterS?: number): void {
    this.status = status;
    this.retryAfterS = retryAfterS;
  }

  body(bytes: Buffer, begin: number, end: number): void {
    this.noted.firstByteMs ??= this.connection.readMs;
    if (this.isOk) this.scanner.feed(bytes, begin, end);
    else if (this.errorBody.length < LONGEST_ERROR_BODY)
      this.errorBody += bytes.toString('latin1', begin, end);
  }

  end(): void {
    if (this.isOk) this.scanner.end();
    else this.failWithStatus();
    const { codec } = this.options;
    const ended = this.sawDone || this.noted.finishReason !== undefined || codec.endsSilently === true;
    if (!ended && this.chunks > 0) {
      this.fail('truncated-stream', 'the stream ended without [DONE] or a finish_reason');
    }
    if (this.chunks === 0) this.fail('no-chunks', 'the stream had no chunk with choices');
    this.judgeUsage();
    this.finish(this.error === undefined ? 'completed' : 'failed', this.connection.readMs);
  }

  lost(error: Error, unanswered: boolean): void {
    this.unanswered = unanswered;
    const code = error instanceof MalformedResponse ? 'malformed-response' : 'connection-lost';
    if (this.status !== 0 && !this.isOk) this.failWithStatus();
    // After [DONE] nothing is missing, no matter how the connection ends.
    else if (!this.sawDone) this.fail(code, error.message);
    this.judgeUsage();
    this.finish(this.error === undefined ? 'completed' : 'failed', this.connection.readMs);
  }

  /** Ends the request from the client's side and closes the connection, so that the server notices. */
  stop(state: 'timed-out' | 'cancelled', message: string): void {
    if (this.settle === undefined) return;
    this.fail(state, message);
    this.finish(state, this.options.clock.now());
    this.connection.close();
  }

  /** Sends no more requests. */
  close(): void {
    clearTimeout(this.timeout);
  }

  private startTimeout(): void {
    const { timeoutMs } = this.options;
    this.timeout?.refresh();
    this.timeout ??= setTimeout(
      () => this.stop('timed-out', `not finished after ${timeoutMs / 1000} s`),
      timeoutMs,
    ).unref();
  }

  private reset(connection: Connection, asked: number): void {
    this.connection = connection;
    this.unanswered = false;
    this.status = 0;
    this.errorBody = '';
    this.noted = {};
    this.chunkMs = new Float64Array(asked + 2);
    this.chunks = 0;
    this.emptyChunks = 0;
    this.usage = {};
    this.asked = asked;
    this.sawDone = false;
    this.error = undefined;
    this.scanner.reset();
    this.text?.reset();
  }

  private get isOk(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** Events after the end don't count. No event counts as similar then, so all of them are passed to this function. */
  private event(event: StreamEvent): string | undefined {
    if (this.sawDone) this.late(event);
    else if (event.kind === 'done') this.sawDone = true;
    else if (event.kind === 'malformed') this.fail('malformed-chunk', event.message);
    else if (event.kind === 'error') this.fail('error-event', event.message);
    else return this.chunk(event);
    return undefined;
  }

  private late(event: StreamEvent): void {
    const saysNothing = event.kind === 'chunk' && !event.hasChoices && event.usage === undefined;
    if (event.kind === 'done' || saysNothing) return;
    this.noted.lateEvents = (this.noted.lateEvents ?? 0) + 1;
  }

  private chunk(event: Chunk): string | undefined {
    const { noted, connection } = this;
    if (event.hasChoices) this.arrived();
    if (event.hasContent) this.content();
    else if (event.hasChoices) this.emptyChunks++;
    if (event.text !== undefined) this.text?.add(event.text);
    if (event.finishReason !== undefined) noted.finishReason = event.finishReason;
    if (event.usage !== undefined) {
      if (!event.hasChoices) noted.usageMs = connection.readMs;
      Object.assign(this.usage, event.usage);
    }
    const plain = event.hasChoices && event.finishReason === undefined && event.usage === undefined;
    return plain ? event.textKey : undefined;
  }

  private similar(bytes: Buffer, begin: number, end: number): void {
    this.arrived();
    if (end === begin) {
      this.emptyChunks++;
      return;
    }
    this.content();
    this.text?.addEscaped(bytes, begin, end);
  }

  private content(): void {
    const { readMs } = this.connection;
    this.noted.firstContentMs ??= readMs;
    this.noted.lastContentMs = readMs;
  }

  private arrived(): void {
    const { readMs } = this.connection;
    if (this.chunks === 0) this.options.live.firstChunk(readMs - (this.noted.sentMs ?? readMs));
    if (this.chunks === this.chunkMs.length) {
      const larger = new Float64Array(2 * this.chunks);
      larger.set(this.chunkMs);
      this.chunkMs = larger;
    }
    this.chunkMs[this.chunks++] = readMs;
    this.options.live.chunk();
  }

  private failWithStatus(): void {
    const text = Buffer.from(this.errorBody, 'latin1').toString();
    let body: unknown = text;
    try {
      body = JSON.parse(text);
    } catch {
      // Not JSON: use the text itself as the message.
    }
    const message = errorMessage(body) ?? text;
    this.fail(`http-${this.status}`, message === '' ? 'without a message' : message);
    if (this.error !== undefined && this.retryAfterS !== undefined)
      this.error = { ...this.error, retryAfterS: this.retryAfterS };
  }

  private judgeUsage(): void {
    const { usage, chunks, asked, textChunks } = this;
    const { mostPerChunk } = this.options;
    const why = impossibleUsage({ ...usage, chunks, asked, textChunks, mostPerChunk });
    if (why === undefined) return;
    this.fail('impossible-usage', why);
    delete usage.outputTokens;
  }

  private get textChunks(): number | undefined {
    return this.options.codec.cumulative === true ? undefined : this.chunks - this.emptyChunks;
  }

  /** Only the first failure counts. */
  private fail(code: FailureCode, message: string): void {
    this.error ??= failure(code, message, this.options.mask);
  }

  private finish(state: RequestState, doneMs: number): void {
    const { settle, error, text, textChunks } = this;
    if (settle === undefined) return;
    this.settle = undefined;
    const { promptTokens, ...counts } = possibleCounts(this.usage);
    settle({
      state,
      ...this.noted,
      ...(promptTokens !== undefined && { serverPromptTokens: promptTokens }),
      ...counts,
      ...(this.chunks > 0 && textChunks !== undefined && { textChunks }),
      doneMs,
      chunkMs: this.chunkMs.subarray(0, this.chunks),
      ...(text !== undefined && { text: text.toString() }),
      ...(error !== undefined && { error }),
    });
  }
}
