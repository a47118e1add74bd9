/** A task with a due time. */
export interface Due {
  /** Ms on the clock. */
  readonly dueMs: number;
  go(): void;
}

/** The longest duration of a turn of the event loop, in ms: a request that waits for a longer one would be read too late. */
const LONGEST_TURN_MS = 0.2;
/** How late a timer may fire, in ms. */
const SPIN_MS = 1.5;

/** Runs tasks when they are due, earliest first, in short turns; sockets are read in between. */
export class Metronome {
  /** A binary heap: no task is due before its parent. */
  private readonly heap: Due[] = [];
  /** When the next turn begins, and how to cancel it. */
  private armed: { readonly dueMs: number; readonly cancel: () => void } | undefined;
  private busy = false;

  /** @param spin spends the last ms before a task is due in empty turns: timers are only precise to whole ms. */
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
    // A task may be due again at once; it then runs in the next turn.
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
