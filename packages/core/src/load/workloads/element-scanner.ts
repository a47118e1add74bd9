/** Where an element of an array is in a file. */
export interface Place {
  /** Bytes from the beginning of the file. */
  readonly begin: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
}

const [QUOTE, BACKSLASH, NEWLINE] = [0x22, 0x5c, 0x0a];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Finds the objects of a JSON array piece by piece. Only borders are looked for; whether what is between them is JSON is found out
 * when it is read.
 */
export class ElementScanner {
  /** Bytes seen so far. */
  position = 0;
  /** Where the element begins that isn't complete yet. */
  openAt: number | undefined;
  private openLine = 1;
  private line = 1;
  /** Brackets that are open. */
  private depth = 0;
  private inText = false;
  private escaped = false;

  /** Whether nothing is missing at the end. */
  get isComplete(): boolean {
    return this.depth === 0 && !this.inText;
  }

  /** The elements that end within the next bytes. */
  feed(bytes: Uint8Array): Place[] {
    const found: Place[] = [];
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] ?? 0;
      if (this.inText) this.text(byte);
      else if (byte === QUOTE) this.inText = true;
      else if (byte === NEWLINE) this.line++;
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.open(byte, this.position + i);
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.close(this.position + i + 1, found);
    }
    this.position += bytes.length;
    return found;
  }

  private text(byte: number): void {
    if (this.escaped) this.escaped = false;
    else if (byte === BACKSLASH) this.escaped = true;
    else if (byte === QUOTE) this.inText = false;
  }

  private open(byte: number, at: number): void {
    if (this.depth === 1 && byte === OPEN_OBJECT) [this.openAt, this.openLine] = [at, this.line];
    this.depth++;
  }

  private close(end: number, found: Place[]): void {
    this.depth--;
    if (this.depth !== 1 || this.openAt === undefined) return;
    found.push({ begin: this.openAt, end, line: this.openLine });
    this.openAt = undefined;
  }
}
