import { expect, it } from 'vitest';
import { nodeChoices } from '../../src/node-choice.js';
import type { PlannedPoint } from '../../src/plan/plan.js';
import type { Result } from '../../src/results/schema.js';
import type { SessionTask } from '../../src/schedule/tasks.js';

const point = (name: string, number?: number) =>
  ({ name, ...(number !== undefined && { repeat: { number, point: name } }) }) as unknown as PlannedPoint;

const task = (points: readonly PlannedPoint[], { nodes = 2, isPinned = false } = {}): SessionTask => ({
  ...{ points, isPinned, config: 'c', rank: 0, priority: 0, nodes: 1 },
  queue: { name: 'q', nodes, machines: [] },
});

/** A session that has measured its points on a node. */
function measure(choose: ReturnType<typeof nodeChoices>, of: SessionTask, node: string): void {
  const choice = choose(of);
  choice.ask([]);
  choice.has([node]);
  choice.worked(node);
  choice.end();
}

const choices = () => nodeChoices({ earlier: [], otherRuns: [] }, () => {});

it('a repeat wishes for another node than those of its point, and points that are measured once do not', () => {
  const choose = choices();
  measure(choose, task([point('a', 1)]), 'n1');
  measure(choose, task([point('b')]), 'n1');

  expect(choose(task([point('a', 2)])).ask([])).toEqual({ avoid: ['n1'], patienceMs: 300_000 });
  expect(choose(task([point('b')])).ask([])).toEqual({ avoid: [] });
  expect(choose(task([point('c', 1)])).ask([])).toEqual({ avoid: [] });
});

it('it has no wish where there is no other node, or the config names its own', () => {
  const choose = choices();
  const single = { nodes: 1 };
  measure(choose, task([point('a', 1)], single), 'n1');
  expect(choose(task([point('a', 2)], single)).ask([])).toEqual({ avoid: [] });
  const pinned = choices();
  measure(pinned, task([point('a', 1)]), 'n1');
  expect(pinned(task([point('a', 2)], { isPinned: true })).ask([])).toEqual({ avoid: [] });
});

it('it has no wish for nodes that other sessions of the sweep hold, or wait for', () => {
  const choose = choices();
  measure(choose, task([point('a', 1)]), 'n1');
  const other = choose(task([point('b', 1)]));
  other.ask([]);
  expect(choose(task([point('a', 2)])).ask([])).toEqual({ avoid: [] });
  const again = choices();
  measure(again, task([point('a', 1)]), 'n1');
  const holding = again(task([point('b', 1)]));
  holding.ask([]);
  holding.has(['n2']);
  expect(again(task([point('a', 2)])).ask([])).toEqual({ avoid: [] });
  holding.end();
  expect(again(task([point('a', 3)])).ask([]).avoid).toEqual([]); // the one before still waits
});

it('after a wish in vain any node will do, for all sessions of the queue', () => {
  const choose = choices();
  measure(choose, task([point('a', 1)]), 'n1');
  const choice = choose(task([point('a', 2)]));
  choice.ask([]);
  expect(choice.endWish()).toBe(true);
  expect(choice.ask([])).toEqual({ avoid: [] });
  expect(choice.endWish()).toBe(false);
  choice.end();
  expect(choose(task([point('a', 3)])).ask([])).toEqual({ avoid: [] });
});

it('a resumed run knows the nodes of before', () => {
  const before = { point: 'a', provenance: { hardware: { node: 'n1' } } } as unknown as Result;
  const choose = nodeChoices({ earlier: [before], otherRuns: [] }, () => {});
  expect(choose(task([point('a', 2)])).ask([]).avoid).toEqual(['n1']);
});

it('a point that another run has measured wishes for another node than there, whether or not it is a repeat', () => {
  const of = (name: string, node: string, more = {}) =>
    ({ name, ...more, provenance: { hardware: { node } } }) as unknown as Result;
  const otherRuns = [of('a', 'n1'), of('b', 'n1', { point: 'b' }), of('b.r2', 'n2', { point: 'b' })];
  const wish = (measured: PlannedPoint, nodes = 3) =>
    nodeChoices({ earlier: [], otherRuns }, () => {})(task([measured], { nodes })).ask([]);

  expect(wish(point('a'))).toEqual({ avoid: ['n1'], patienceMs: 300_000 });
  expect(wish(point('b')).avoid).toEqual(['n1', 'n2']);
  expect(wish(point('b', 2)).avoid).toEqual(['n1', 'n2']);
  expect(wish(point('c'))).toEqual({ avoid: [] });
  // Of two nodes both have measured it: there is no other one.
  expect(wish(point('b'), 2)).toEqual({ avoid: [] });
});
