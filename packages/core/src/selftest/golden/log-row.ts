import type { ApiName } from '../../load/client/codecs/names.js';
import type { AnswerEnd, GoldenRequest } from './log.js';

/** One request's line of the log while it is being written. */
export class LogRow {
  promptTokens = 0;
  tokens = 0;
  end: AnswerEnd = 'open';
  private tokensSent = 0;
  private firstSentMs: number | undefined;
  private lastSentMs: number | undefined;
  private readonly dueMs: number[] = [];
  private readonly sentMs: number[] = [];
  private readonly written: number[] = [];
  private cpuAtEnd: number | undefined;
  private readonly cpuAtStart: number | undefined;

  constructor(
    private readonly known: Pick<GoldenRequest, 'ordinal' | 'api' | 'connection' | 'digest' | 'receivedMs'>,
    private readonly keepWrites: boolean,
    private readonly cpuSeconds: (() => number) | undefined,
  ) {
    this.cpuAtStart = cpuSeconds?.();
  }

  get ordinal(): number {
    return this.known.ordinal;
  }

  get api(): ApiName {
    return this.known.api;
  }

  get receivedMs(): number {
    return this.known.receivedMs;
  }

  sent(dueMs: number, sentMs: number, tokens: number): void {
    this.firstSentMs ??= sentMs;
    this.lastSentMs = sentMs;
    this.tokensSent += tokens;
    if (!this.keepWrites) return;
    this.dueMs.push(dueMs);
    this.sentMs.push(sentMs);
    this.written.push(tokens);
  }

  /** Only its first outcome counts. */
  ended(end: AnswerEnd): void {
    if (this.end !== 'open') return;
    this.end = end;
    this.cpuAtEnd = this.cpuSeconds?.();
  }

  request(): GoldenRequest {
    const { known, promptTokens, tokens, tokensSent, end, firstSentMs, lastSentMs, dueMs, sentMs } = this;
    return {
      ...known,
      promptTokens,
      tokens,
      tokensSent,
      end,
      ...(firstSentMs !== undefined && { firstSentMs }),
      ...(lastSentMs !== undefined && { lastSentMs }),
      ...(this.keepWrites && { writes: { dueMs, sentMs, tokens: this.written } }),
      ...(this.cpuAtStart !== undefined &&
        this.cpuAtEnd !== undefined && { cpuS: { received: this.cpuAtStart, ended: this.cpuAtEnd } }),
    };
  }
}
