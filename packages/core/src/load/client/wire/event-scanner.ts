import { hasLoneCr, LineEnds } from './line-ends.js';
import { MalformedResponse } from './response-reader.js';

/** Receives the events of a stream from the scanner. */
export interface EventSink {
  /**
   * The data of an event that differs from the previous one. Returns the JSON key (`text`, `content`) whose text may change while
   * the event otherwise keeps its meaning, or undefined when such events must be parsed one by one.
   */
  event(payload: string): string | undefined;
  /** An event that differs from the previous one only in that text: bytes `begin` to `end`, escaped, valid during the call. */
  similar(bytes: Buffer, begin: number, end: number): void;
}

const LF = 10;
const CR = 13;
const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
const COLON = 58;
const DATA = Buffer.from('data');
const BOM = Buffer.from('\ufeff');
/** `"\/bfnrt`: the characters that may follow a backslash. `u` needs more checks, so such an event is parsed as a whole. */
const ESCAPABLE = new Set([34, 92, 47, 98, 102, 110, 114, 116]);

const INCOMPLETE = -1;
const DIFFERENT = -2;

/** Bytes. No server sends that much in one event: its end is missing. */
const LONGEST_EVENT = 16 * 1024 * 1024;
/** Bytes. A longer event that arrives in parts is not compared again from its start with each part. */
const LONGEST_COMPARED = 8192;

/** An event with one text cut out. If the rest is equal byte for byte, the meaning is the same. */
interface Pattern {
  /** Up to and including the quote that opens the text. */
  readonly before: Buffer;
  /** From the quote that closes it to the end of the event. */
  readonly after: Buffer;
}

/**
 * Splits a `text/event-stream` into events at byte level, wherever reads split the bytes. The events of a stream differ in a few
 * characters: one event is parsed as a whole, and events that differ from it only in the generated text are recognised by
 * comparing bytes, without decoding or parsing. Comments and fields except `data` are skipped; several data lines are joined by
 * LF. Source: WHATWG HTML, "Server-sent events", section "Parsing an event stream".
 */
export class EventScanner {
  private pattern: Pattern | undefined;
  /** Bytes of an event whose end hasn't arrived yet. */
  private held = Buffer.allocUnsafe(0);
  private heldLength = 0;
  /** Bytes of the held event that were already searched for its end. */
  private searched = 0;
  private atStart = true;
  /** Set from the first lone CR on, which no known server sends; it converts all line ends to LF. */
  private lineEnds: LineEnds | undefined;

  constructor(private readonly sink: EventSink) {}

  /** @throws {MalformedResponse} for an event without an end. */
  feed(bytes: Buffer, begin: number, end: number): void {
    if (this.lineEnds !== undefined) {
      const unified = this.lineEnds.unify(bytes, begin, end);
      this.take(unified, 0, unified.length);
      return;
    }
    this.take(bytes, begin, end);
    this.takeAgain();
  }

  /** Prepares for another stream. */
  reset(): void {
    this.pattern = undefined;
    this.heldLength = 0;
    this.searched = 0;
    this.atStart = true;
    this.lineEnds = undefined;
  }

  /** Ends the stream. An event without its final empty line counts: servers leave it out after the last one. */
  end(): void {
    if (this.heldLength === 0) return;
    const length = this.heldLength;
    this.heldLength = 0;
    this.whole(this.held, 0, length);
  }

  private take(bytes: Buffer, begin: number, end: number): void {
    if (this.heldLength === 0) {
      this.hold(bytes, this.scan(bytes, begin, end), end);
      return;
    }
    this.append(bytes, begin, end);
    const length = this.heldLength;
    const rest = this.scan(this.held, 0, length);
    if (rest > 0) this.held.copy(this.held, 0, rest, length);
    this.heldLength = length - rest;
  }

  /** Scans again from where a lone CR was found. */
  private takeAgain(): void {
    if (this.lineEnds === undefined) return;
    const rest = Buffer.from(this.held.subarray(0, this.heldLength));
    this.heldLength = 0;
    this.searched = 0;
    this.feed(rest, 0, rest.length);
  }

  private hold(bytes: Buffer, begin: number, end: number): void {
    if (begin < end) this.append(bytes, begin, end);
  }

  private append(bytes: Buffer, begin: number, end: number): void {
    const length = this.heldLength + end - begin;
    if (length > this.held.length) {
      if (length > LONGEST_EVENT) throw new MalformedResponse('an event of the stream has no end');
      const larger = Buffer.allocUnsafe(Math.max(512, Math.min(2 * length, LONGEST_EVENT)));
      this.held.copy(larger, 0, 0, this.heldLength);
      this.held = larger;
    }
    bytes.copy(this.held, this.heldLength, begin, end);
    this.heldLength = length;
  }

  /** Processes whole events; returns where the first incomplete one begins. */
  private scan(bytes: Buffer, begin: number, end: number): number {
    let at = begin;
    while (at < end) {
      // If its end was already searched for, the event is known to differ.
      const pattern = this.searched > 0 ? undefined : this.pattern;
      const next = pattern === undefined ? DIFFERENT : this.matched(pattern, bytes, at, end);
      if (next === INCOMPLETE && end - at <= LONGEST_COMPARED) return at;
      if (next >= 0) {
        at = next;
        this.searched = 0;
        continue;
      }
      // The separator may start in bytes that were already searched: in the last two at most.
      const from = bytes === this.held && at === 0 ? Math.max(0, this.searched - 2) : at;
      const border = borderOf(bytes, at, from, end);
      if (hasLoneCr(bytes, from, border === INCOMPLETE ? end : border)) {
        this.lineEnds = new LineEnds();
        return at;
      }
      this.searched = border === INCOMPLETE ? end - at : 0;
      if (border === INCOMPLETE) return at;
      this.whole(bytes, at, border);
      at = border;
    }
    return at;
  }

  /** The end of the event at `begin` if it matches the pattern. */
  private matched({ before, after }: Pattern, bytes: Buffer, begin: number, end: number): number {
    const text = begin + before.length;
    const common = Math.min(end, text);
    for (let at = begin, i = 0; at < common; at++, i++) if (bytes[at] !== before[i]) return DIFFERENT;
    if (text > end) return INCOMPLETE;
    const close = textEnd(bytes, text, end);
    if (close < 0) return close;
    const next = close + after.length;
    const last = Math.min(end, next);
    for (let at = close, i = 0; at < last; at++, i++) if (bytes[at] !== after[i]) return DIFFERENT;
    if (next > end) return INCOMPLETE;
    this.sink.similar(bytes, text, close);
    return next;
  }

  private whole(bytes: Buffer, from: number, end: number): void {
    const begin = this.atStart && BOM.compare(bytes, from, Math.min(end, from + 3)) === 0 ? from + 3 : from;
    this.atStart = false;
    const payload = dataOf(bytes, begin, end);
    if (payload === undefined) return;
    const key = this.sink.event(payload);
    this.pattern = key === undefined ? undefined : patternOf(bytes, begin, end, key);
  }
}

/** The position after the empty line that ends the event at `begin`; no separator starts before `from`. */
function borderOf(bytes: Buffer, begin: number, from: number, end: number): number {
  for (let lf = bytes.indexOf(LF, from); lf !== -1 && lf < end; lf = bytes.indexOf(LF, lf + 1)) {
    const next = lf + 1 < end && bytes[lf + 1] === CR ? lf + 2 : lf + 1;
    if (next < end && bytes[next] === LF) return next + 1;
    // An empty line at the start of an event.
    if (lf === begin || (lf === begin + 1 && bytes[begin] === CR)) return lf + 1;
  }
  return INCOMPLETE;
}

/** The position of the quote that closes a JSON string; or that it hasn't arrived yet, or that the string needs parsing. */
function textEnd(bytes: Buffer, begin: number, end: number): number {
  for (let at = begin; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at;
    if (byte < SPACE) return DIFFERENT;
    if (byte !== BACKSLASH) continue;
    at++;
    if (at < end && !ESCAPABLE.has(bytes[at]!)) return DIFFERENT;
  }
  return INCOMPLETE;
}

/** The event without the text of `key`, if its position is clear from the bytes alone. */
function patternOf(bytes: Buffer, begin: number, end: number, key: string): Pattern | undefined {
  const event = bytes.subarray(begin, end);
  const quoted = `"${key}"`;
  const at = event.indexOf(quoted);
  // More than one key of that name: it is unclear which one is meant.
  if (at === -1 || event.indexOf(quoted, at + 1) !== -1) return undefined;
  const colon = at + quoted.length;
  if (event[colon] !== COLON || event[colon + 1] !== QUOTE) return undefined;
  const text = colon + 2;
  const close = textEnd(event, text, event.length);
  if (close < 0) return undefined;
  const before = Buffer.from(event.subarray(0, text));
  const after = Buffer.from(event.subarray(close));
  // A name can be written with escapes, and an apparent name can be the end of a longer one with an escaped quote.
  return before.includes(BACKSLASH) || after.includes(BACKSLASH) ? undefined : { before, after };
}

/** The data lines of an event, joined; undefined if it has none. */
function dataOf(bytes: Buffer, begin: number, end: number): string | undefined {
  let data: string | undefined;
  for (let at = begin; at < end;) {
    const lf = bytes.indexOf(LF, at);
    const lineEnd = lf === -1 || lf >= end ? end : lf;
    const text = dataLine(bytes, at, lineEnd > at && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd);
    if (text !== undefined) data = data === undefined ? text : `${data}\n${text}`;
    at = lineEnd + 1;
  }
  return data;
}

function dataLine(bytes: Buffer, begin: number, end: number): string | undefined {
  const name = begin + DATA.length;
  if (end < name || DATA.compare(bytes, begin, name) !== 0) return undefined;
  if (end === name) return '';
  if (bytes[name] !== COLON) return undefined;
  return bytes.toString('utf8', bytes[name + 1] === SPACE && name + 1 < end ? name + 2 : name + 1, end);
}
