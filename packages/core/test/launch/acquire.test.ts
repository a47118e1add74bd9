import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { acquire } from '../../src/launch/acquire.js';
import type { NodeLauncher, NodeLease, NodeRequest } from '../../src/plugin/launcher.js';

const request = { avoid: ['n1'] } as unknown as NodeRequest;
const lease = {} as NodeLease;

/** Gives no nodes until it is stopped. */
const busy = {
  acquire: (_request, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    }),
} as Pick<NodeLauncher, 'acquire'> as NodeLauncher;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('gives up waiting after a time, and names what it has waited for', async () => {
  const { signal } = new AbortController();
  const refused = expect(acquire(busy, request, 60_000, signal)).rejects.toMatchObject({
    code: 'ALLOCATION_FAILED',
    message: 'nodes other than n1 could not be had within 60 s',
  });
  await vi.advanceTimersByTimeAsync(60_000);
  await refused;
});

it('that a sweep is stopped meanwhile is not taken for that', async () => {
  const controller = new AbortController();
  const acquired = acquire(busy, request, 60_000, controller.signal);
  controller.abort(new Error('stopped'));
  await expect(acquired).rejects.toThrow('stopped');
});

it('a lease keeps its signal: nothing is stopped once there are nodes', async () => {
  let given: AbortSignal | undefined;
  const free = {
    acquire: (_request, signal) => Promise.resolve(((given = signal), lease)),
  } as Pick<NodeLauncher, 'acquire'> as NodeLauncher;
  expect(await acquire(free, request, 60_000, new AbortController().signal)).toBe(lease);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(given?.aborted).toBe(false);
});
