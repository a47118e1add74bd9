/** Starts that follow each other at once: a write takes tens of microseconds, and answers wait for it to be read. */
const STARTS_AT_ONCE = 8;
/** Time between such groups, ms: the least that timers have. */
const APART_MS = 1;

/**
 * Spreads starts over time. Thousands of requests that begin or end together would otherwise be followed by thousands of writes in
 * a row, and by as many first answers a while later: what other streams receive meanwhile would look late. A thread starts some
 * 7,000 requests a second at most.
 */
export class Pace {
  private left: number;
  private armed = false;
  private waiting: (() => void)[] = [];

  /** @param atOnce starts that follow each other at once. */
  constructor(private readonly atOnce = STARTS_AT_ONCE) {
    this.left = atOnce;
  }

  /** Nothing while there is room for a start, else what to wait for. */
  start(): Promise<void> | undefined {
    this.arm();
    if (this.left > 0) {
      this.left--;
      return undefined;
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private arm(): void {
    if (this.armed) return;
    this.armed = true;
    setTimeout(() => this.next(), APART_MS);
  }

  private next(): void {
    this.armed = false;
    const now = this.waiting.splice(0, this.atOnce);
    this.left = this.atOnce - now.length;
    if (this.waiting.length > 0) this.arm();
    for (const resolve of now) resolve();
  }
}
