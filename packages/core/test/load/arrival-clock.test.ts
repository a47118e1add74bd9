import { expect, it } from 'vitest';
import { ArrivalClock } from '../../src/load/client/arrival-clock.js';

function clockAt() {
  let now = 100;
  const afterLook: (() => void)[] = [];
  const clock = new ArrivalClock(
    () => now,
    (callback) => afterLook.push(callback),
  );
  return {
    at(ms: number) {
      now = ms;
      return clock.read();
    },
    nextLook: () => afterLook.splice(0).forEach((callback) => callback()),
    get waiting() {
      return afterLook.length;
    },
  };
}

it('gives what one look at the sockets brought the time of the first', () => {
  const clock = clockAt();

  expect([clock.at(100), clock.at(101), clock.at(104.9)]).toEqual([100, 100, 100]);
  expect(clock.waiting).toBe(1);
  clock.nextLook();
  expect([clock.at(105), clock.at(106)]).toEqual([105, 105]);
});

it('does not stretch a look: there may have been another', () => {
  const clock = clockAt();

  expect([clock.at(100), clock.at(105), clock.at(109)]).toEqual([100, 105, 105]);
  expect(clock.waiting).toBe(1);
});
