import { describe, expect, it } from 'vitest';
import { runTasks } from '../../src/schedule/run-tasks.js';
import { createScheduler, type Queue, type Task } from '../../src/schedule/scheduler.js';
import { simulate } from '../../src/schedule/simulate.js';

interface Named extends Task {
  readonly name: string;
}

const CLUSTER: Queue = { name: 'cluster', nodes: 2, machines: [] };

/** `a0`: the first task of config a. */
function task(name: string, more: Partial<Task> = {}): Named {
  return { name, queue: CLUSTER, nodes: 1, config: name[0]!, rank: Number(name[1]), priority: 0, ...more };
}

/** Names in the order in which they begin on a cluster where each ends before the next one begins. */
function orderOf(tasks: readonly Named[], failing: readonly string[] = [], failFast = false): string[] {
  const scheduler = createScheduler(tasks, { failFast });
  const begun: string[] = [];
  for (let next = scheduler.next(); next !== undefined; next = scheduler.next()) {
    begun.push(next.name);
    scheduler.ended(next, { failed: failing.includes(next.name) });
  }
  return begun;
}

/** Begins all that may begin. */
function beginAll(scheduler: ReturnType<typeof createScheduler<Named>>): string[] {
  const begun: string[] = [];
  for (let next = scheduler.next(); next !== undefined; next = scheduler.next()) begun.push(next.name);
  return begun;
}

describe('the order of a sweep', () => {
  it('is the first one of each config, then the second ones, and so on', () => {
    const tasks = [task('a0'), task('a1'), task('a2'), task('b0'), task('b1'), task('c0')];
    expect(orderOf(tasks)).toEqual(['a0', 'b0', 'c0', 'a1', 'b1', 'a2']);
  });

  it('has those of a higher priority first', () => {
    const tasks = [task('a0'), task('a1'), task('b0', { priority: 1 }), task('b1', { priority: 1 })];
    expect(orderOf(tasks)).toEqual(['b0', 'b1', 'a0', 'a1']);
  });

  it('has the longest of a rank first, after those of which nothing is known', () => {
    const long = (name: string, seconds: number): Named => task(name, { seconds });
    const tasks = [long('a0', 10), long('a1', 99), long('b0', 30), task('c0'), long('d0', 30), task('e0')];
    expect(orderOf(tasks)).toEqual(['c0', 'e0', 'b0', 'd0', 'a0', 'a1']);
  });

  it('leaves the rest of a config out once one of it has failed, if that is asked for, and nothing else', () => {
    const tasks = [task('a0'), task('a1'), task('b0'), task('b1'), task('b2')];
    expect(orderOf(tasks, ['a0', 'b1'])).toHaveLength(5);
    expect(orderOf(tasks, ['a0', 'b1'], true)).toEqual(['a0', 'b0', 'b1']);
  });

  it('has a config wait for its first one then: it may take hours to show that nothing of it works', () => {
    const scheduler = createScheduler([task('a0'), task('a1')], { failFast: true });
    const first = scheduler.next();
    expect(scheduler.next()).toBeUndefined();
    scheduler.ended(first!, { failed: false });
    expect(beginAll(scheduler)).toEqual(['a1']);
    expect([scheduler.waiting, scheduler.leftOut]).toEqual([0, 0]);
  });
});

describe('a queue', () => {
  it("gives sessions no more than its nodes, and each queue's sessions its own", () => {
    const other = { ...CLUSTER, name: 'other', nodes: 1 };
    const tasks = ['a0', 'b0', 'c0'].map((name) => task(name));
    const scheduler = createScheduler([...tasks, task('d0', { queue: other }), task('e0', { queue: other })]);
    expect(beginAll(scheduler)).toEqual(['a0', 'b0', 'd0']);
    scheduler.ended(tasks[0]!, { failed: false });
    expect(beginAll(scheduler)).toEqual(['c0']);
  });

  it('keeps nodes for the first one that waits, which would never get them otherwise', () => {
    const [small, large, late] = [task('a0'), task('b0', { nodes: 2 }), task('c0')];
    const scheduler = createScheduler([small, large, late]);
    expect(beginAll(scheduler)).toEqual(['a0']);
    scheduler.ended(small, { failed: false });
    expect(beginAll(scheduler)).toEqual(['b0']);
    scheduler.ended(large, { failed: false });
    expect(beginAll(scheduler)).toEqual(['c0']);
  });

  it('lets a session begin that needs more nodes than it has, alone: whoever places it knows better', () => {
    const scheduler = createScheduler([task('a0', { nodes: 9 }), task('b0')]);
    expect(beginAll(scheduler)).toEqual(['a0']);
  });

  it('never has two sessions on one machine, whatever queues they wait in', () => {
    const here = { name: 'here', nodes: 1, machines: ['here'] };
    const loadedFromHere = { name: 'cluster', nodes: 4, machines: ['here'] };
    const tasks = [
      task('a0', { queue: here }),
      task('b0', { queue: loadedFromHere }),
      task('c0', { queue: loadedFromHere }),
    ];
    const scheduler = createScheduler(tasks);
    expect(beginAll(scheduler)).toEqual(['a0']);
    scheduler.ended(tasks[0]!, { failed: false });
    expect(beginAll(scheduler)).toEqual(['b0']);
  });
});

describe('tasks', () => {
  const never = new AbortController().signal;
  const runner = (run: (task: Named, signal: AbortSignal) => Promise<{ failed: boolean }>) => ({
    ...{ run, spent: () => undefined, onLeftOut: () => {} },
  });

  it('run at the same time as far as their queue allows, and all of them', async () => {
    let [open, most] = [0, 0];
    const done: string[] = [];
    const tasks = ['a0', 'b0', 'c0', 'd0', 'e0'].map((name) => task(name));
    const early = await runTasks(
      createScheduler(tasks),
      runner(async ({ name }) => {
        most = Math.max(most, (open += 1));
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        done.push(name);
        return { failed: false };
      }),
      never,
    );

    expect(early).toBeUndefined();
    expect([most, done.sort()]).toEqual([2, ['a0', 'b0', 'c0', 'd0', 'e0']]);
  });

  it('are all ended by one that rejects, which is what is thrown, once they have ended', async () => {
    const ended: string[] = [];
    const all = runTasks(
      createScheduler(['a0', 'b0', 'c0'].map((name) => task(name))),
      runner(async ({ name }, signal) => {
        if (name === 'a0') throw new Error('the disk is full');
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        ended.push(name);
        return { failed: false };
      }),
      never,
    );

    await expect(all).rejects.toThrow('the disk is full');
    expect(ended).toEqual(['b0']);
  });

  it('begin no more once the budget is spent, nor after an abort', async () => {
    const tasks = ['a0', 'b0', 'c0'].map((name) => task(name));
    const begun: string[] = [];
    const run = ({ name }: Named) => Promise.resolve(begun.push(name)).then(() => ({ failed: false }));
    const spent = (): string | undefined => (begun.length < 1 ? undefined : 'enough');
    const one = { ...CLUSTER, nodes: 1 };
    const early = runTasks(
      createScheduler(tasks.map((each) => ({ ...each, queue: one }))),
      { ...runner(run), spent },
      never,
    );
    expect(await early).toBe('enough');
    expect(await runTasks(createScheduler(tasks), runner(run), AbortSignal.abort())).toBeUndefined();
    expect(begun).toEqual(['a0']);
  });
});

it('a simulation takes as long as the work on its nodes, and not less than its longest chain', () => {
  const tasks = ['a0', 'b0', 'c0', 'd0'].map((name) => task(name));
  expect(simulate(createScheduler(tasks), () => 10)).toEqual({ seconds: 20, nodeSeconds: 40, atOnce: 2 });
  const chain = [task('a0'), task('a1'), task('a2')];
  expect(simulate(createScheduler(chain, { failFast: true }), () => 10).seconds).toBe(20);
});
