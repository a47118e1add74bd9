import type { Scheduler, Task } from './scheduler.js';

/** What would happen if each task took a known time. */
export interface Simulation {
  /** Seconds until the last task ends. */
  readonly seconds: number;
  /** Seconds of all nodes together. */
  readonly nodeSeconds: number;
  /** Most tasks at the same time. */
  readonly atOnce: number;
}

/** Runs a schedule on virtual time. @param secondsOf how long a task takes */
export function simulate<T extends Task>(
  scheduler: Scheduler<T>,
  secondsOf: (task: T) => number,
): Simulation {
  const running: { readonly task: T; readonly endsAt: number }[] = [];
  let [time, nodeSeconds, atOnce] = [0, 0, 0];
  for (;;) {
    for (let task = scheduler.next(); task !== undefined; task = scheduler.next()) {
      const seconds = secondsOf(task);
      nodeSeconds += seconds * task.nodes;
      insert(running, { task, endsAt: time + seconds });
    }
    atOnce = Math.max(atOnce, running.length);
    const ended = running.pop();
    if (ended === undefined) return { seconds: time, nodeSeconds, atOnce };
    time = ended.endsAt;
    scheduler.ended(ended.task, { failed: false });
  }
}

/** Keeps the one that ends first at the end of the list. */
function insert<T extends { readonly endsAt: number }>(list: T[], one: T): void {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.endsAt > one.endsAt) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, one);
}
