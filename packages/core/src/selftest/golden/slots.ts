/** Begins an answer. @param fromMs when it got its slot */
type Begin = (fromMs: number) => void;

/** A request's place: in a slot, or in the queue for one. */
export interface Slot {
  /**
   * Passes the slot to the next in the queue, or leaves the queue. Calling it once is enough. @param dueMs when the answer was due to end
   */
  end(dueMs: number): void;
}

/**
 * Limits simultaneous answers, like the batch of an engine. Further requests wait in order of arrival. A slot is passed on at the time at
 * which its answer was due to end, so that a late write delays none of those that wait.
 */
export class Slots {
  private free: number;
  /** In order of arrival. */
  private readonly queue = new Map<Slot, Begin>();

  /** @param count absent: as many as come */
  constructor(count = Infinity) {
    this.free = count;
  }

  /** Calls back at once, or when a slot is free. @param askedMs when the request had arrived */
  take(begin: Begin, askedMs: number): Slot {
    let isOver = false;
    const slot: Slot = {
      end: (dueMs) => {
        if (isOver) return;
        isOver = true;
        if (!this.queue.delete(slot)) this.handOn(dueMs);
      },
    };
    if (this.free > 0) {
      this.free--;
      begin(askedMs);
    } else {
      this.queue.set(slot, begin);
    }
    return slot;
  }

  private handOn(fromMs: number): void {
    const [next] = this.queue;
    if (next === undefined) {
      this.free++;
      return;
    }
    const [slot, begin] = next;
    this.queue.delete(slot);
    begin(fromMs);
  }
}
