/** Begins an answer. @param fromMs when there was a slot for it */
type Begin = (fromMs: number) => void;

/** A request's place: in a slot, or in the queue for one. */
export interface Slot {
  /** Gives it to the next in the queue, or leaves the queue. Once is enough. @param dueMs when the answer was due to end */
  end(dueMs: number): void;
}

/**
 * Answers at the same time, at most: like the batch of an engine. Those that come beyond wait in the order in which they came. Slots are
 * handed on at the time at which an answer was due to end, so that a late write makes none of those that wait later.
 */
export class Slots {
  private free: number;
  /** In order. */
  private readonly queue = new Map<Slot, Begin>();

  /** @param count absent: as many as come */
  constructor(count = Infinity) {
    this.free = count;
  }

  /** Calls back at once, or when there is a slot. @param askedMs when the request was there */
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
