// @ts-check
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * The machine on which the client runs. Time that a hypervisor takes ("steal") can't be made here.
 * @typedef {import('../run-fault.js').Fault} Fault
 */

/** @param {Omit<Fault, 'where' | 'slow'>} fault @returns {Fault} */
const fault = (fault) => ({ where: 'machine', slow: true, ...fault });

const LONGER = { load: { numPrompts: 512 } };

/** @param {number} perCore @param {number} ms @returns {Fault['during']} Others that want all of the cores, in the middle of the run. */
const neighbours =
  (perCore, ms) =>
  async ({ server }) => {
    await server.arrived(64);
    const children = Array.from({ length: perCore * availableParallelism() }, () =>
      spawn(process.execPath, ['-e', `const end = Date.now() + ${ms}; while (Date.now() < end);`], {
        stdio: 'ignore',
      }),
    );
    await delay(ms);
    for (const child of children) child.kill('SIGKILL');
  };

/** @type {readonly Fault[]} */
export const MACHINE = [
  fault({
    name: 'neighbours',
    what: 'two busy loops on each core for 3 s of 6',
    number: 'p99_itl_ms',
    ...LONGER,
    during: neighbours(2, 3000),
    expect: { mark: 'machine-shared', severity: 'invalid' },
  }),
  fault({
    name: 'neighbour',
    what: 'one busy loop on each core for 3 s of 6',
    number: 'p99_itl_ms',
    ...LONGER,
    during: neighbours(1, 3000),
    expect: { mark: 'machine-shared', severity: 'note' },
  }),
  fault({
    ...{
      name: 'cpu-limit',
      what: 'a cgroup gives the load process 5 % of a core',
      number: 'p99_itl_ms',
      ...LONGER,
      needs: 'cgroup',
    },
    expect: { mark: 'client-late-timers', severity: 'invalid' },
  }),
  fault({
    ...{
      name: 'clock-back',
      what: 'the wall clock is an hour behind from the middle on (faketime)',
      number: 'duration',
      ...LONGER,
      needs: 'faketime',
    },
    prefix: ['env', 'FAKETIME=-1h', 'FAKETIME_DONT_FAKE_MONOTONIC=1', 'faketime', '-f', '-1h'],
    expect: { harmless: 'durations are of a monotonic clock' },
  }),
];
