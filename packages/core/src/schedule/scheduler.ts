import { insert } from './insert.js';

/** Sessions wait in a queue for its nodes. */
export interface Queue {
  readonly name: string;
  /** That its sessions may hold at the same time. A session that needs more begins when no other one holds any. */
  readonly nodes: number;
  /** That its sessions have to themselves, each while it runs: two queues may need the same one. */
  readonly machines: readonly string[];
}

/** What decides when a session begins. */
export interface Task {
  readonly queue: Queue;
  readonly nodes: number;
  /** What it is a point of: the same for all points of a curve. */
  readonly config: string;
  /** Its place in the order of its config: the first one is the config's canary. */
  readonly rank: number;
  /** Tasks of a higher one begin first. */
  readonly priority: number;
  /** How long it is expected to take; missing where nothing says that. */
  readonly seconds?: number;
}

export interface SchedulerOptions {
  /** A config's other tasks wait for its first one, and once one of them has failed those that haven't begun are left out. */
  readonly failFast?: boolean;
}

/**
 * Decides which session begins next: by priority, then each config's first one before any second one, and so on. Among these the longest
 * begins first, so that none runs on alone at the end; those of unknown length before all others, in their order. In a
 * queue the first that waits for nodes gets the next ones, or a large session would never begin. All nodes of a session are counted at
 * once, so that no two wait for what the other one holds.
 */
export interface Scheduler<T extends Task> {
  /** The next task that may begin now, which then holds what it needs; undefined while there is none. */
  next(): T | undefined;
  /** Gives back what a task held. @returns tasks that are left out because it has failed */
  ended(task: T, how: { readonly failed: boolean }): readonly T[];
  /** Number of tasks that have not begun and are not left out. */
  readonly waiting: number;
  /** Number of tasks that will never begin, because their config has failed. */
  readonly leftOut: number;
}

/** A queue with its tasks, in their order. */
interface Line<T> {
  readonly queue: Queue;
  readonly tasks: T[];
  held: number;
}

export function createScheduler<T extends Task>(
  tasks: readonly T[],
  { failFast = false }: SchedulerOptions = {},
): Scheduler<T> {
  const inOrder = tasks.map((task, index) => ({ task, index })).sort(byTurn);
  const position = new Map(inOrder.map(({ task }, index) => [task, index]));
  const lines = new Map<string, Line<T>>();
  /** Tasks that wait for the first one of their config. */
  const later = new Map<string, T[]>();
  const busy = new Set<string>();
  const failed = new Set<string>();
  let begun = 0;
  let leftOut = 0;
  const lineOf = ({ queue }: T): Line<T> => {
    const line = lines.get(queue.name) ?? { queue, tasks: [], held: 0 };
    lines.set(queue.name, line);
    return line;
  };
  for (const { task } of inOrder) {
    const others = later.get(task.config);
    if (!failFast || others === undefined) lineOf(task).tasks.push(task);
    else others.push(task);
    if (failFast && others === undefined) later.set(task.config, []);
  }
  const before = (a: T, b: T): boolean => (position.get(a) ?? 0) < (position.get(b) ?? 0);
  const firstOf = ({ queue, tasks: [first], held }: Line<T>): T | undefined => {
    if (first === undefined || queue.machines.some((machine) => busy.has(machine))) return undefined;
    return held === 0 || held + first.nodes <= queue.nodes ? first : undefined;
  };
  const putBack = (task: T): void => insert(lineOf(task).tasks, task, (other) => before(other, task));
  const leaveOut = (config: string): readonly T[] => {
    failed.add(config);
    const out = later.get(config)?.splice(0) ?? [];
    for (const { tasks: there } of lines.values()) {
      out.push(...there.filter((task) => task.config === config));
      there.splice(0, Infinity, ...there.filter((task) => task.config !== config));
    }
    leftOut += out.length;
    return out;
  };
  return {
    next() {
      let next: { readonly task: T; readonly line: Line<T> } | undefined;
      for (const line of lines.values()) {
        const task = firstOf(line);
        if (task !== undefined && (next === undefined || before(task, next.task))) next = { task, line };
      }
      if (next === undefined) return undefined;
      const { task, line } = next;
      line.tasks.shift();
      begun += 1;
      line.held += task.nodes;
      for (const machine of line.queue.machines) busy.add(machine);
      return task;
    },
    ended(task, how) {
      const line = lineOf(task);
      line.held -= task.nodes;
      for (const machine of line.queue.machines) busy.delete(machine);
      if (!failFast || failed.has(task.config)) return [];
      if (how.failed) return leaveOut(task.config);
      for (const other of later.get(task.config)?.splice(0) ?? []) putBack(other);
      return [];
    },
    get waiting() {
      return tasks.length - begun - leftOut;
    },
    get leftOut() {
      return leftOut;
    },
  };
}

interface Numbered {
  readonly task: Task;
  readonly index: number;
}

function byTurn(a: Numbered, b: Numbered): number {
  const [{ seconds: ofA = Infinity }, { seconds: ofB = Infinity }] = [a.task, b.task];
  const byLength = ofA === ofB ? 0 : ofB - ofA;
  return b.task.priority - a.task.priority || a.task.rank - b.task.rank || byLength || a.index - b.index;
}
