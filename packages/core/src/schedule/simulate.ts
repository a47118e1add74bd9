import { insert } from './insert.js';
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
  /** The one that ends first is the last. */
  const running: { readonly task: T; readonly endsAt: number }[] = [];
  let [time, nodeSeconds, atOnce] = [0, 0, 0];
  for (;;) {
    for (let task = scheduler.next(); task !== undefined; task = scheduler.next()) {
      const seconds = secondsOf(task);
      nodeSeconds += seconds * task.nodes;
      const endsAt = time + seconds;
      insert(running, { task, endsAt }, (other) => other.endsAt > endsAt);
    }
    atOnce = Math.max(atOnce, running.length);
    const ended = running.pop();
    if (ended === undefined) return { seconds: time, nodeSeconds, atOnce };
    time = ended.endsAt;
    scheduler.ended(ended.task, { failed: false });
  }
}
