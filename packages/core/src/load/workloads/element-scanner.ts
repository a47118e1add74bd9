/** Position of an array element in a file. */
export interface Place {
  /** Byte offset in the file. */
  readonly begin: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  /** From 0. */
  readonly index: number;
}

const [QUOTE, BACKSLASH, NEWLINE, COMMA] = [0x22, 0x5c, 0x0a, 0x2c];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const SPACES: readonly number[] = [0x20, 0x09, 0x0d];
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf];

/**
 * Finds the objects of a JSON array in chunks of bytes. It only looks for their borders: their JSON is checked when they are
 * parsed, and missing or extra commas are ignored.
 */
export class ElementScanner {
  /** Bytes seen so far. */
  position = 0;
  /** Complete elements so far. */
  count = 0;
  /** Start of the incomplete element, and its line; if there is none, of the last element. */
  openAt: number | undefined;
  openLine = 1;
  /** Line of the first content that is not an object of an array: the file has another format. */
  strayLine: number | undefined;
  private line = 1;
  private hasBegun = false;
  /** Number of open brackets. */
  private depth = 0;
  private inText = false;
  private escaped = false;

  /** Whether the array is closed. */
  get isComplete(): boolean {
    return this.hasBegun && this.depth === 0;
  }

  /** The elements that end within the next bytes. */
  feed(bytes: Uint8Array): Place[] {
    const found: Place[] = [];
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] ?? 0;
      if (this.inText) this.text(byte);
      else if (byte === NEWLINE) this.line++;
      else if (this.depth < 2) this.outside(byte, this.position + i);
      else if (byte === QUOTE) this.inText = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.depth++;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.close(this.position + i + 1, found);
    }
    this.position += bytes.length;
    return found;
  }

  /** Handles bytes outside elements. */
  private outside(byte: number, at: number): void {
    if (SPACES.includes(byte) || BYTE_ORDER_MARK[at] === byte) return;
    if (this.depth === 0 && byte === OPEN_ARRAY && !this.hasBegun) {
      this.hasBegun = true;
      this.depth = 1;
    } else if (this.depth === 1 && byte === OPEN_OBJECT) {
      [this.openAt, this.openLine] = [at, this.line];
      this.depth = 2;
    } else if (this.depth === 1 && byte === CLOSE_ARRAY) this.depth = 0;
    else if (this.depth === 0 || byte !== COMMA) this.strayLine ??= this.line;
  }

  private text(byte: number): void {
    if (this.escaped) this.escaped = false;
    else if (byte === BACKSLASH) this.escaped = true;
    else if (byte === QUOTE) this.inText = false;
  }

  private close(end: number, found: Place[]): void {
    this.depth--;
    if (this.depth > 1 || this.openAt === undefined) return;
    found.push({ begin: this.openAt, end, line: this.openLine, index: this.count++ });
    this.openAt = undefined;
  }
}
