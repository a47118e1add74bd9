import { expect, it } from 'vitest';
import { createNodeRecord } from '../../src/schedule/node-record.js';

it('leaves a node out after two failures in a row, and says so once', () => {
  const nodes = createNodeRecord(3);
  expect(nodes.failed('n1')).toBe(false);
  nodes.worked('n1');
  expect([nodes.failed('n1'), nodes.failed('n1'), nodes.failed('n1')]).toEqual([false, true, false]);
  expect(nodes.avoid([], 1)).toEqual(['n1']);
});

it('tries a session elsewhere as long as there are enough other nodes', () => {
  const nodes = createNodeRecord(3);
  expect([nodes.hasOthers(['n1'], 2), nodes.hasOthers(['n1'], 3)]).toEqual([true, false]);
  expect(nodes.avoid(['n1'], 2)).toEqual(['n1']);
  expect(nodes.avoid(['n1'], 3)).toEqual([]);
});

it('gives a session a node that is left out rather than none', () => {
  const nodes = createNodeRecord(2);
  for (const node of ['n1', 'n1', 'n2', 'n2']) nodes.failed(node);
  expect(nodes.avoid([], 1)).toEqual(['n1']);
  expect(nodes.avoid(['n2'], 1)).toEqual(['n2']);
});

it('never leaves a single machine out: nothing can take its place', () => {
  const machine = createNodeRecord(1);
  expect([machine.failed('here'), machine.failed('here')]).toEqual([false, false]);
  expect(machine.avoid(['here'], 1)).toEqual([]);
  expect(machine.hasOthers(['here'], 1)).toBe(false);
});
