/** Longest time for which bytes of one look at the sockets share its time, ms: a look brings 1,024 sockets at most, and there may be more. */
const LONGEST_LOOK_MS = 5;

/**
 * Tells when bytes arrived. The event loop learns of all sockets with bytes at once and hands them over one by one: what is handed
 * over last had arrived as early as the first. Within one look at the sockets the time is that of the first; what the client needs
 * for those before is then not taken for time that the server needed. It is never before the arrival of a socket's first bytes.
 */
export class ArrivalClock {
  private atMs = 0;
  private isLooking = false;
  private readonly over = (): void => void (this.isLooking = false);

  constructor(
    private readonly now: () => number,
    /** Calls back when the event loop has handed over all it had. */
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
