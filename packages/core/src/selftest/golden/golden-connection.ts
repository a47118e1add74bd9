import type { Socket } from 'node:net';
import type { Clock } from '../../load/health/clock.js';
import { Answer } from './answer.js';
import { digestOf, readAsked } from './asked.js';
import type { Events } from './events.js';
import { apiAt } from './formats/index.js';
import type { ApiName } from '../../load/client/codecs/names.js';
import { errorResponse, jsonResponse } from './http.js';
import type { LogRow } from './log-row.js';
import type { GoldenRequest } from './log.js';
import type { Metronome } from './metronome.js';
import type { AnswerOptions } from './options.js';
import { Outlet } from './outlet.js';
import { BadRequest, RequestReader, type HttpRequest } from './request-reader.js';
import type { Slot, Slots } from './slots.js';
import { idOf } from './text.js';

/** State that all connections share. */
export interface Shared {
  readonly clock: Clock;
  readonly metronome: Metronome;
  readonly slots: Slots;
  readonly idleCloseMs: number | undefined;
  /** Assigns the next request's row in the log. */
  admit(request: Omit<GoldenRequest, 'ordinal' | 'promptTokens' | 'tokens' | 'tokensSent' | 'end'>): LogRow;
  optionsFor(ordinal: number): AnswerOptions;
  events(api: ApiName, options: AnswerOptions): Events;
}

/** One client's connection, with its requests one after another. */
export class GoldenConnection {
  private readonly reader = new RequestReader();
  private readonly outlet: Outlet;
  private readonly unread: { readonly chunk: Buffer; readonly receivedMs: number }[] = [];
  private readonly waiting: HttpRequest[] = [];
  private answer: Answer | undefined;
  private row: LogRow | undefined;
  private slot: Slot | undefined;
  private answered = 0;
  /** This side has closed it: later data is not read. */
  private over = false;

  constructor(
    private readonly socket: Socket,
    private readonly index: number,
    private readonly shared: Shared,
  ) {
    this.outlet = new Outlet(socket);
    socket.setNoDelay(true);
    socket
      .on('data', (chunk: Buffer) => this.received(chunk))
      .on('error', () => {})
      .on('close', () => this.closed())
      .on('timeout', () => this.close());
  }

  /** The time is taken first; the work is queued with everything else that is due, so that no other request waits for it. */
  private received(chunk: Buffer): void {
    if (this.over) return;
    const { clock, metronome } = this.shared;
    const receivedMs = clock.now();
    this.socket.setTimeout(0);
    this.unread.push({ chunk, receivedMs });
    metronome.add({ dueMs: receivedMs, go: () => this.take() });
  }

  private take(): void {
    const unread = this.unread.shift();
    if (unread === undefined || this.over) return;
    const { chunk, receivedMs } = unread;
    try {
      this.waiting.push(...this.reader.feed(chunk));
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      this.over = true;
      this.socket.end(errorResponse(400, error.message, false));
      return;
    }
    this.next(receivedMs);
  }

  private next(receivedMs: number): void {
    if (this.over || this.answer !== undefined || this.row !== undefined) return;
    const request = this.waiting.shift();
    if (request === undefined) return;
    const api = request.method === 'POST' ? apiAt(request.path) : undefined;
    if (api === undefined) this.other(request);
    else this.begin(api, request, receivedMs);
  }

  private begin(api: ApiName, request: HttpRequest, receivedMs: number): void {
    const digest = digestOf(request.body);
    const row = this.shared.admit({ api, connection: this.index, digest, receivedMs });
    const options = this.shared.optionsFor(row.ordinal);
    this.row = row;
    const asked = readAsked(api, request.body);
    row.tokens = asked?.tokens ?? 0;
    row.promptTokens = asked?.promptTokens ?? 0;
    if (options.connection === 'drop-when-reused' && this.answered > 0) {
      row.ended('dropped');
      this.socket.destroy();
      return;
    }
    const status = options.status ?? (asked === undefined ? 400 : undefined);
    if (status === undefined) this.stream(row, request, options);
    else this.refuse(row, request, status);
  }

  private stream(row: LogRow, request: HttpRequest, options: AnswerOptions): void {
    const { clock, metronome, slots } = this.shared;
    const kept = request.keepAlive && options.connection !== 'close' && options.framing !== 'until-close';
    const facts = {
      ordinal: row.ordinal,
      id: idOf(row.ordinal),
      promptTokens: row.promptTokens,
      tokens: row.tokens,
    };
    this.slot = slots.take((fromMs) => {
      this.answer = new Answer(facts, {
        clock,
        metronome,
        outlet: this.outlet,
        events: this.shared.events(row.api, options),
        options,
        row,
        beginMs: Math.max(fromMs, row.receivedMs),
        keepAlive: kept,
        onEnd: (how, dueMs) => {
          row.ended(how);
          // An aborted answer keeps its slot until its connection is closed.
          if (how !== 'completed') return;
          this.slot?.end(dueMs);
          this.done(kept && options.connection !== 'close-silently');
        },
      });
      this.answer.start();
    }, row.receivedMs);
  }

  private refuse(row: LogRow, { keepAlive }: HttpRequest, status: number): void {
    const response = errorResponse(status, `refused with ${status}, as configured`, keepAlive);
    this.outlet.write(response, () => {
      row.ended('refused');
      this.done(keepAlive);
    });
  }

  private other({ method, path, keepAlive }: HttpRequest): void {
    const models = { object: 'list', data: [{ id: 'golden', object: 'model' }] };
    const response =
      path === '/v1/models'
        ? jsonResponse(200, models, keepAlive)
        : path === '/health'
          ? jsonResponse(200, {}, keepAlive)
          : errorResponse(404, `no such path: ${method} ${path}`, keepAlive);
    this.outlet.write(response, () => this.done(keepAlive));
  }

  private done(kept: boolean): void {
    this.answer = undefined;
    this.row = undefined;
    this.answered++;
    if (!kept) {
      this.close();
      return;
    }
    const { idleCloseMs } = this.shared;
    if (idleCloseMs !== undefined) this.socket.setTimeout(idleCloseMs);
    this.next(this.shared.clock.now());
  }

  private close(): void {
    this.over = true;
    this.outlet.end();
  }

  private closed(): void {
    // What was read before and not looked at yet must not take a slot: nothing would ever give it back.
    this.over = true;
    this.row?.ended('lost');
    this.answer?.stop();
    this.slot?.end(this.shared.clock.now());
  }
}
