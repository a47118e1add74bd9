/** The text of an answer, joined from the texts of its events; decoded only when it is read. */
export class AnswerText {
  private parts: string[] = [];
  /** Escaped bytes of texts whose events were not parsed, and how many there are. */
  private raw = Buffer.allocUnsafe(0);
  private rawLength = 0;

  /** @param cumulative each event has the whole text so far. */
  constructor(private readonly cumulative: boolean) {}

  reset(): void {
    this.parts = [];
    this.rawLength = 0;
  }

  /** The text of an event that was parsed. */
  add(text: string): void {
    this.flush();
    if (this.cumulative) this.parts = [text];
    else this.parts.push(text);
  }

  /** Adds a text as it is escaped in JSON, without its quotes. */
  addEscaped(bytes: Buffer, begin: number, end: number): void {
    if (this.cumulative) this.reset();
    const length = this.rawLength + end - begin;
    if (length > this.raw.length) {
      const larger = Buffer.allocUnsafe(Math.max(1024, 2 * length));
      this.raw.copy(larger, 0, 0, this.rawLength);
      this.raw = larger;
    }
    bytes.copy(this.raw, this.rawLength, begin, end);
    this.rawLength = length;
  }

  toString(): string {
    this.flush();
    return this.parts.join('');
  }

  private flush(): void {
    if (this.rawLength === 0) return;
    // Joined before parsing, as a surrogate pair may be split between two events.
    this.parts.push(JSON.parse(`"${this.raw.toString('utf8', 0, this.rawLength)}"`) as string);
    this.rawLength = 0;
  }
}
