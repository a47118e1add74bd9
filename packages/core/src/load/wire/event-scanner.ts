/** What the scanner tells about the events of a stream. */
export interface EventSink {
  /**
   * An event's data, for events that are unlike the one before. Returns the JSON key whose text may differ while everything
   * else about the event stays (`text`, `content`), or undefined when events like this one must be looked at one by one.
   */
  event(payload: string): string | undefined;
  /** An event that differs from the one before it in that text alone: bytes `begin` to `end`, escaped, valid during the call. */
  similar(bytes: Buffer, begin: number, end: number): void;
}

const LF = 10;
const CR = 13;
const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
const COLON = 58;
const DATA = Buffer.from('data');
/** `"\/bfnrt`: what may follow a backslash; `u` wants more than a look and is read as a whole event. */
const ESCAPABLE = new Set([34, 92, 47, 98, 102, 110, 114, 116]);

const INCOMPLETE = -1;
const DIFFERENT = -2;

/** An event with one text taken out. Everything else being equal, byte for byte, it says the same. */
interface Pattern {
  /** Up to and with the quote that opens the text. */
  readonly before: Buffer;
  /** From the quote that closes it to the end of the event. */
  readonly after: Buffer;
}

/**
 * Splits a `text/event-stream` into events at byte level, however the bytes are cut. The chunks of a stream differ in a few
 * characters: what a whole event says is read once, and events that differ from it in the generated text alone are recognised
 * by comparing bytes, without decoding or parsing them.
 * Lines end in LF or CRLF. Comments and fields other than `data` are skipped; several data lines are joined by LF.
 */
export class EventScanner {
  private pattern: Pattern | undefined;
  /** Bytes of an event whose end hasn't arrived yet. */
  private held = Buffer.allocUnsafe(0);
  private heldLength = 0;
  /** Bytes of the held event in which no border was found. */
  private searched = 0;

  constructor(private readonly sink: EventSink) {}

  feed(bytes: Buffer, begin: number, end: number): void {
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

  /** Ready for another stream. */
  reset(): void {
    this.pattern = undefined;
    this.heldLength = 0;
    this.searched = 0;
  }

  /** The stream is over. An event that lacks its empty line counts; servers leave it out after the last one. */
  end(): void {
    if (this.heldLength === 0) return;
    const length = this.heldLength;
    this.heldLength = 0;
    this.whole(this.held, 0, length);
  }

  private hold(bytes: Buffer, begin: number, end: number): void {
    if (begin < end) this.append(bytes, begin, end);
  }

  private append(bytes: Buffer, begin: number, end: number): void {
    const length = this.heldLength + end - begin;
    if (length > this.held.length) {
      const larger = Buffer.allocUnsafe(Math.max(512, 2 * length));
      this.held.copy(larger, 0, 0, this.heldLength);
      this.held = larger;
    }
    bytes.copy(this.held, this.heldLength, begin, end);
    this.heldLength = length;
  }

  /** Takes whole events; where the first one that isn't whole begins. */
  private scan(bytes: Buffer, begin: number, end: number): number {
    let at = begin;
    while (at < end) {
      const next = this.pattern === undefined ? DIFFERENT : this.matched(this.pattern, bytes, at, end);
      if (next === INCOMPLETE) return at;
      if (next >= 0) {
        at = next;
        this.searched = 0;
        continue;
      }
      const border = this.border(bytes, at, end);
      if (border === INCOMPLETE) return at;
      this.whole(bytes, at, border);
      at = border;
    }
    return at;
  }

  /** The end of an event like the pattern that begins at `begin`. */
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

  /** Behind the empty line that ends the event at `begin`. */
  private border(bytes: Buffer, begin: number, end: number): number {
    // A border may lie across what was searched before: two bytes of it at most.
    const from = bytes === this.held && begin === 0 ? Math.max(0, this.searched - 2) : begin;
    for (let lf = bytes.indexOf(LF, from); lf !== -1 && lf < end; lf = bytes.indexOf(LF, lf + 1)) {
      const next = lf + 1 < end && bytes[lf + 1] === CR ? lf + 2 : lf + 1;
      if (next < end && bytes[next] === LF) {
        this.searched = 0;
        return next + 1;
      }
      if (lf === begin || (lf === begin + 1 && bytes[begin] === CR)) {
        this.searched = 0;
        return lf + 1; // an empty line where an event would begin
      }
    }
    this.searched = end - begin;
    return INCOMPLETE;
  }

  private whole(bytes: Buffer, begin: number, end: number): void {
    const payload = dataOf(bytes, begin, end);
    if (payload === undefined) return;
    const key = this.sink.event(payload);
    this.pattern = key === undefined ? undefined : patternOf(bytes, begin, end, key);
  }
}

/** The quote that closes a JSON string, or that it isn't there yet, or that this is no such string. */
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

function patternOf(bytes: Buffer, begin: number, end: number, key: string): Pattern | undefined {
  const event = bytes.subarray(begin, end);
  const opening = `"${key}":"`;
  const at = event.indexOf(opening);
  // Twice the same key: which one it is can't be told by bytes.
  if (at === -1 || event.indexOf(opening, at + 1) !== -1) return undefined;
  const text = at + opening.length;
  const close = textEnd(event, text, event.length);
  if (close < 0) return undefined;
  return { before: Buffer.from(event.subarray(0, text)), after: Buffer.from(event.subarray(close)) };
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
