/** Longest time that bytes of one poll share a timestamp, ms: a poll returns at most 1,024 sockets, and there may be more. */
const LONGEST_LOOK_MS = 5;

/**
 * Determines when bytes arrived. The event loop polls all sockets at once and then handles them one by one, so data that is
 * handled last may have arrived as early as the first. All data of one poll therefore gets the time of the first: the time that
 * the client spends on earlier sockets is not counted as the server's. This time is never before the first bytes of any of these
 * sockets arrived.
 */
export class ArrivalClock {
  private atMs = 0;
  private isLooking = false;
  private readonly over = (): void => void (this.isLooking = false);

  constructor(
    private readonly now: () => number,
    /** Calls back when the event loop has handled everything of the current poll. */
    private readonly afterLook: (callback: () => void) => void = setImmediate,
  ) {}

  read(): number {
    const now = this.now();
    if (this.isLooking && now - this.atMs < LONGEST_LOOK_MS) return this.atMs;
    if (!this.isLooking) {
      this.isLooking = true;
      this.afterLook(this.over);
    }
    this.atMs = now;
    return now;
  }
}
