/** Receives the parts of a response, in order, all during `feed`. */
export interface ResponseSink {
  /** `retryAfterS`: seconds to wait before the next try, as a refusing server asked. */
  head(status: number, retryAfterS?: number): void;
  /** Bytes of the body, valid during the call only. */
  body(bytes: Buffer, begin: number, end: number): void;
  /** The response is complete; `reusable`: the server keeps the connection open for another request. */
  end(reusable: boolean): void;
}

/** A response that is not HTTP/1.1, or that has a content coding which was not asked for. */
export class MalformedResponse extends Error {}

const LF = 10;
const CR = 13;
const SEMICOLON = 59;
/** Bytes. A server that sends a longer head is not sending a valid answer. */
const LONGEST_HEAD = 65_536;
const PROTOCOL = 'HTTP/1.';
/** The client never asks for an upgrade, so this counts as the answer; what follows is not HTTP. */
const SWITCHING_PROTOCOLS = 101;

type State =
  'head' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailer' | 'counted' | 'until-close' | 'over';

/**
 * Reads HTTP/1.1 responses from bytes as they arrive, wherever reads split them, one after the other: chunked, with a content
 * length, or up to the end of the connection. Optimised for streams of small chunks, which it does not copy. Source: RFC 9112,
 * sections 6 and 7.
 */
export class ResponseReader {
  private state: State = 'head';
  private text = '';
  /** Bytes of the chunk or body that haven't arrived yet. */
  private remaining = 0;
  private sizeDigits = 0;
  private inExtension = false;
  private lineLength = 0;
  private reusable = false;

  constructor(private readonly sink: ResponseSink) {}

  /** Prepares for the next response. */
  reset(): void {
    this.state = 'head';
    this.text = '';
  }

  /** @throws {MalformedResponse} */
  feed(bytes: Buffer, begin: number, end: number): void {
    let at = begin;
    while (at < end && this.state !== 'over') at = this.step(bytes, at, end);
    if (at < end) throw new MalformedResponse('bytes after the end of the response');
  }

  /** The connection has ended. Returns whether that completes the response. */
  close(): boolean {
    if (this.state !== 'until-close') return false;
    this.finish(false);
    return true;
  }

  private step(bytes: Buffer, at: number, end: number): number {
    switch (this.state) {
      case 'chunk-data':
      case 'counted':
        return this.data(bytes, at, end);
      case 'chunk-size':
        return this.chunkSize(bytes, at, end);
      case 'chunk-end':
        return this.chunkEnd(bytes, at);
      case 'head':
        return this.head(bytes, at, end);
      case 'trailer':
        return this.trailer(bytes, at, end);
      case 'until-close':
        this.sink.body(bytes, at, end);
        return end;
      case 'over':
        return at;
    }
  }

  private data(bytes: Buffer, at: number, end: number): number {
    const until = Math.min(end, at + this.remaining);
    this.remaining -= until - at;
    this.sink.body(bytes, at, until);
    if (this.remaining > 0) return until;
    if (this.state === 'counted') this.finish(this.reusable);
    else this.state = 'chunk-end';
    return until;
  }

  private chunkSize(bytes: Buffer, begin: number, end: number): number {
    for (let at = begin; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === LF) {
        if (this.sizeDigits === 0) throw new MalformedResponse('a chunk without a size');
        this.beginChunk();
        return at + 1;
      }
      if (this.inExtension || byte === CR) continue;
      if (byte === SEMICOLON || byte === 32) {
        this.inExtension = true;
        continue;
      }
      const digit = hexDigit(byte);
      if (digit < 0 || this.sizeDigits > 12)
        throw new MalformedResponse('the size of a chunk is not a number');
      this.remaining = this.remaining * 16 + digit;
      this.sizeDigits++;
    }
    return end;
  }

  private beginChunk(): void {
    this.state = this.remaining === 0 ? 'trailer' : 'chunk-data';
    this.sizeDigits = 0;
    this.inExtension = false;
    this.lineLength = 0;
  }

  /** The line end after a chunk's data. */
  private chunkEnd(bytes: Buffer, at: number): number {
    const byte = bytes[at];
    if (byte === LF) this.state = 'chunk-size';
    else if (byte !== CR) throw new MalformedResponse('a chunk is longer than its size');
    return at + 1;
  }

  /** Trailer fields up to an empty line; all are ignored. */
  private trailer(bytes: Buffer, begin: number, end: number): number {
    for (let at = begin; at < end; at++) {
      const byte = bytes[at];
      if (byte === LF) {
        if (this.lineLength === 0) {
          this.finish(this.reusable);
          return at + 1;
        }
        this.lineLength = 0;
      } else if (byte !== CR) this.lineLength++;
    }
    return end;
  }

  private head(bytes: Buffer, begin: number, end: number): number {
    const known = this.text === '' ? knownHead(bytes, begin, end) : undefined;
    if (known !== undefined) {
      this.begin(known);
      return begin + known.bytes.length;
    }
    const before = this.text.length;
    this.text += bytes.toString('latin1', begin, end);
    const border = /\r?\n\r?\n/.exec(this.text.slice(Math.max(0, before - 3)));
    if (border === null) {
      if (!PROTOCOL.startsWith(this.text.slice(0, PROTOCOL.length))) throw notHttp(this.text);
      if (this.text.length > LONGEST_HEAD) throw new MalformedResponse('the head of the response has no end');
      return end;
    }
    const length = Math.max(0, before - 3) + border.index + border[0].length;
    const head = readHead(this.text.slice(0, length));
    this.text = '';
    // An interim response: the next head is that of the answer.
    if (head.status >= 200 || head.status === SWITCHING_PROTOCOLS) this.begin(remembered(head));
    return begin + length - before;
  }

  private begin({ status, reusable, length, retryAfterS }: Head): void {
    this.reusable = reusable;
    this.sizeDigits = 0;
    this.remaining = typeof length === 'number' ? length : 0;
    this.sink.head(status, retryAfterS);
    if (length === 'chunked') this.state = 'chunk-size';
    else if (length === 'until-close') this.state = 'until-close';
    else if (length === 0) this.finish(reusable);
    else this.state = 'counted';
  }

  private finish(reusable: boolean): void {
    this.state = 'over';
    this.sink.end(reusable);
  }
}

/** The parsed head of a response. */
interface Head {
  readonly bytes: Buffer;
  readonly status: number;
  /** The server keeps the connection open for another request. */
  readonly reusable: boolean;
  /** How the end of the body is found. */
  readonly length: number | 'chunked' | 'until-close';
  readonly retryAfterS?: number;
}

/** The latest head. The heads of a server's answers differ only in the date, so it is often enough to compare. */
let latest: Head | undefined;

function remembered(head: Head): Head {
  latest = head;
  return head;
}

function knownHead(bytes: Buffer, begin: number, end: number): Head | undefined {
  if (latest === undefined || begin + latest.bytes.length > end) return undefined;
  return latest.bytes.compare(bytes, begin, begin + latest.bytes.length) === 0 ? latest : undefined;
}

function notHttp(text: string): MalformedResponse {
  return new MalformedResponse(`not HTTP/1.1: ${text}`);
}

/** @throws {MalformedResponse} */
function readHead(text: string): Head {
  // A line that begins with a space continues the previous one (RFC 9112, section 5.2).
  const unfolded = text.trimEnd().replace(/\r?\n[ \t]+/g, ' ');
  const [statusLine = '', ...lines] = unfolded.split(/\r?\n/);
  const version = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(statusLine);
  if (version === null) throw notHttp(statusLine);
  const status = Number(version[2]);
  const fields = readFields(lines);
  const coding = fields.get('content-encoding') ?? 'identity';
  if (status < 300 && coding.toLowerCase() !== 'identity') {
    throw new MalformedResponse(`the body comes as ${coding}, which was not asked for`);
  }
  const connection = fields.get('connection')?.toLowerCase() ?? '';
  const keepsOpen = version[1] === '1' ? !connection.includes('close') : connection.includes('keep-alive');
  const reusable = keepsOpen && status !== SWITCHING_PROTOCOLS;
  const retryAfterS = retryAfterOf(fields);
  const length = lengthOf(status, fields);
  return {
    ...{ bytes: Buffer.from(text, 'latin1'), status, reusable, length },
    ...(retryAfterS !== undefined && { retryAfterS }),
  };
}

/** Seconds, or a date (RFC 9110, section 10.2.3). */
function retryAfterOf(fields: ReadonlyMap<string, string>): number | undefined {
  const value = fields.get('retry-after');
  if (value === undefined) return undefined;
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

function lengthOf(status: number, fields: ReadonlyMap<string, string>): Head['length'] {
  if (status === 204 || status === 304 || status === SWITCHING_PROTOCOLS) return 0;
  if (fields.get('transfer-encoding')?.toLowerCase().includes('chunked')) return 'chunked';
  const counted = fields.get('content-length');
  if (counted === undefined) return 'until-close';
  // The same length given several times counts once.
  const [length, ...others] = new Set(counted.split(',').map((one) => one.trim()));
  if (length !== undefined && /^\d{1,15}$/.test(length) && others.length === 0) return Number(length);
  throw new MalformedResponse('content-length is not a number');
}

/** Values by name; several lines with the same name form a list (RFC 9110, section 5.3). */
function readFields(lines: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return fields;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
