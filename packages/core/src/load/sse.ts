const LF = 10;
const CR = 13;
const DATA = Buffer.from('data');
const COLON = 58;
const SPACE = 32;

/**
 * Incremental parser of `text/event-stream` at byte level: hands each event's data to `onData`, however the bytes are cut.
 * Lines end in LF or CRLF. Comments and fields other than `data` are skipped; several data lines are joined by LF.
 */
export class SseParser {
  /** Bytes of a line whose end hasn't arrived yet. */
  private partial: Buffer[] = [];
  /** Data lines of the event so far. */
  private data: string | undefined;

  constructor(private readonly onData: (payload: string) => void) {}

  feed(bytes: Buffer): void {
    let begin = 0;
    for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, begin)) {
      this.line(bytes, begin, end);
      begin = end + 1;
    }
    if (begin < bytes.length) this.partial.push(bytes.subarray(begin));
  }

  /** The stream is over. An event that lacks its empty line counts; servers leave it out after the last one. */
  end(): void {
    if (this.partial.length > 0) this.line(Buffer.alloc(0), 0, 0);
    this.dispatch();
  }

  private line(bytes: Buffer, begin: number, end: number): void {
    if (this.partial.length === 0) {
      this.wholeLine(bytes, begin, end);
      return;
    }
    const whole = Buffer.concat([...this.partial, bytes.subarray(begin, end)]);
    this.partial = [];
    this.wholeLine(whole, 0, whole.length);
  }

  private wholeLine(bytes: Buffer, begin: number, lineEnd: number): void {
    const end = lineEnd > begin && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    if (end === begin) {
      this.dispatch();
      return;
    }
    const name = begin + DATA.length;
    if (end < name || DATA.compare(bytes, begin, name) !== 0) return;
    if (end > name && bytes[name] !== COLON) return;
    const value = bytes[name + 1] === SPACE ? name + 2 : name + 1;
    const text = value < end ? bytes.toString('utf8', value, end) : '';
    this.data = this.data === undefined ? text : `${this.data}\n${text}`;
  }

  private dispatch(): void {
    if (this.data === undefined) return;
    const payload = this.data;
    this.data = undefined;
    this.onData(payload);
  }
}
