/** Unread lines that are kept: of a process whose output nobody reads, the oldest are dropped. */
const MOST_UNREAD = 100_000;

/** Lines that come when they come, for one who may begin to read them later. */
export interface LineQueue {
  add(lines: readonly string[]): void;
  end(): void;
  /** All lines, from the first on, as they come; ends after `end`. Can be read once. */
  all(): AsyncIterable<string>;
}

export function createLineQueue(): LineQueue {
  let held: string[] = [];
  let isEnd = false;
  let wake = (): void => {};
  return {
    add(lines) {
      held.push(...lines);
      if (held.length > 2 * MOST_UNREAD) held = held.slice(-MOST_UNREAD);
      wake();
    },
    end() {
      isEnd = true;
      wake();
    },
    async *all() {
      for (;;) {
        const lines = held;
        held = [];
        yield* lines;
        if (held.length > 0) continue;
        if (isEnd) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
