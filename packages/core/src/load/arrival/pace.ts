/** Starts in one turn of the event loop: a write takes tens of microseconds, and answers wait for it to be read. */
const STARTS_A_TURN = 8;

/**
 * Spreads starts over turns of the event loop. Thousands of requests that end together would otherwise be followed by
 * thousands of writes in a row, and what other streams receive meanwhile would look late.
 */
export class Pace {
  private left = STARTS_A_TURN;
  private armed = false;
  private waiting: (() => void)[] = [];

  /** Nothing while there is room in this turn, else what to wait for. */
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
    setImmediate(() => this.nextTurn());
  }

  private nextTurn(): void {
    this.armed = false;
    const now = this.waiting.slice(0, STARTS_A_TURN);
    this.waiting = this.waiting.slice(STARTS_A_TURN);
    this.left = STARTS_A_TURN - now.length;
    if (this.waiting.length > 0) this.arm();
    for (const resolve of now) resolve();
  }
}
