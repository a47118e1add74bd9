/** Something to be done at a time. */
export interface Due {
  /** Ms on the clock. */
  readonly dueMs: number;
  go(): void;
}

/** A turn of the event loop does no more than this, ms: a request that waits for it would be seen too late. */
const LONGEST_TURN_MS = 0.2;
/** How much later than asked for a timer may well be, ms. */
const SPIN_MS = 1.5;

/** Does things when they are due, earliest first, in short turns between which sockets are read. */
export class Metronome {
  /** A binary heap: none is due before its parent. */
  private readonly heap: Due[] = [];
  /** When the next turn is to begin, and how to call it off. */
  private armed: { readonly dueMs: number; readonly cancel: () => void } | undefined;
  private busy = false;

  /** @param spin waits out the last ms before something is due in turns that do nothing: timers are only good for whole ms. */
  constructor(
    private readonly now: () => number,
    private readonly spin = false,
  ) {}

  add(due: Due): void {
    this.push(due);
    if (!this.busy) this.arm();
  }

  close(): void {
    this.armed?.cancel();
    this.armed = undefined;
    this.heap.length = 0;
  }

  private arm(): void {
    const [next] = this.heap;
    if (next === undefined || (this.armed !== undefined && this.armed.dueMs <= next.dueMs)) return;
    this.armed?.cancel();
    this.armed = { dueMs: next.dueMs, cancel: this.call(next.dueMs - this.now()) };
  }

  private call(inMs: number): () => void {
    const turn = (): void => this.turn();
    if (inMs <= (this.spin ? SPIN_MS : 0)) {
      const immediate = setImmediate(turn);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(turn, Math.max(1, this.spin ? Math.floor(inMs - SPIN_MS) : Math.round(inMs)));
    return () => clearTimeout(timer);
  }

  private turn(): void {
    this.armed = undefined;
    this.busy = true;
    const startMs = this.now();
    // What is done may be due again at once: that is for the next turn.
    for (let next = this.heap[0]; next !== undefined && next.dueMs <= startMs; next = this.heap[0]) {
      this.pop();
      next.go();
      if (this.now() - startMs > LONGEST_TURN_MS) break;
    }
    this.busy = false;
    this.arm();
  }

  private push(due: Due): void {
    const { heap } = this;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.dueMs <= due.dueMs) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = due;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && heap[child + 1]!.dueMs < heap[child]!.dueMs) child++;
      if (heap[child]!.dueMs >= last.dueMs) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}
