/** Starts in a row without a pause: a write takes tens of microseconds, and answers wait that long to be read. */
const STARTS_AT_ONCE = 8;
/** Time between such groups, ms: the shortest that timers allow. */
const APART_MS = 1;

/**
 * Spreads starts over time. If thousands of requests started or ended together, thousands of writes in a row would follow, and
 * later as many first answers; data that other streams receive in the meantime would seem late. A thread starts at most about
 * 7,000 requests per second.
 */
export class Pace {
  private left: number;
  private armed = false;
  private waiting: (() => void)[] = [];

  /** @param atOnce starts in a row without a pause. */
  constructor(private readonly atOnce = STARTS_AT_ONCE) {
    this.left = atOnce;
  }

  /** Undefined if a request may start now, otherwise a promise to wait for. */
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
