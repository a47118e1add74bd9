// @ts-check
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { TWENTY_SECONDS } from './twenty-seconds.js';

/**
 * Faults of the client itself.
 * @typedef {import('../run-fault.js').Fault} Fault
 */

/** @param {Omit<Fault, 'where' | 'slow'>} fault @returns {Fault} */
const fault = (fault) => ({ where: 'client', slow: true, ...fault });

/** 8 streams, 512 requests of 95 ms: 6 s. */
const LONGER = { load: { numPrompts: 512 } };

/**
 * @param {number} ms @param {number} [times] @returns {Fault['during']} Stops the load process for this long, after a quarter of its
 * requests.
 */
const frozen =
  (ms, times = 1) =>
  async ({ pid, server }) => {
    for (let i = 0; i < times; i++) {
      await server.arrived(40 + 40 * i);
      process.kill(pid, 'SIGSTOP');
      await delay(ms);
      process.kill(pid, 'SIGCONT');
    }
  };

const FROZEN = /** @type {const} */ ({ mark: 'client-frozen', severity: 'invalid' });

/** @param {string} name */
const codec = (name) => fileURLToPath(new URL(`../codecs/${name}.js`, import.meta.url));

/** @type {readonly Fault[]} */
export const CLIENT = [
  {
    ...{
      name: 'codec-slow',
      where: 'client',
      what: "a plugin's codec takes 2 ms of CPU for each event",
      number: 'median_itl_ms',
    },
    codec: codec('slow'),
    expect: { mark: 'slow-client', severity: 'invalid' },
  },
  fault({
    ...{
      name: 'codec-hoarding',
      what: "a plugin's codec keeps 8,000 objects for each answer",
      number: 'p99_itl_ms',
    },
    ...{ ...LONGER, codec: codec('hoarding') },
    expect: {
      mark: 'client-frozen',
      or: ['slow-client', 'client-late-timers'],
      severity: 'note',
      orWorse: true,
    },
  }),
  {
    ...{
      name: 'thread-dies',
      where: 'client',
      what: 'one of two threads of the client ends',
      number: 'completed',
    },
    ...{ codec: codec('dying'), load: { workers: 2 } },
    expect: { fails: 'LOAD_FAILED' },
  },
  {
    ...{
      name: 'disk-full',
      where: 'machine',
      what: 'the disk is full when records are written',
      number: 'completed',
    },
    recordsFile: '/dev/full',
    expect: { fails: 'RESULT_WRITE_FAILED' },
  },
  fault({
    name: 'frozen-0.3',
    what: 'the load process is stopped for 0.3 s of 20',
    number: 'p99.9_itl_ms',
    ...TWENTY_SECONDS,
    during: frozen(300),
    expect: { mark: 'client-frozen', severity: 'note', orWorse: true },
  }),
  fault({
    name: 'frozen-1',
    what: 'the load process is stopped for 1 s of 20',
    number: 'output_throughput',
    ...TWENTY_SECONDS,
    during: frozen(1000),
    expect: FROZEN,
  }),
  fault({
    name: 'frozen-2-twice',
    what: 'the load process is stopped for 2 s of 20, twice',
    number: 'output_throughput',
    ...TWENTY_SECONDS,
    during: frozen(2000, 2),
    expect: FROZEN,
  }),
  fault({
    name: 'frozen-5',
    what: 'the load process is stopped for 5 s of 20',
    number: 'output_throughput',
    ...TWENTY_SECONDS,
    during: frozen(5000),
    expect: FROZEN,
  }),
  fault({
    ...{
      name: 'few-files',
      what: 'ulimit -n 128 with 200 streams',
      number: 'completed',
      load: { concurrency: 200, numPrompts: 400 },
    },
    ...{ prefix: ['sh', '-c', 'ulimit -n 128; exec "$@"', 'sh'] },
    expect: { mark: 'failed-requests', severity: 'invalid' },
  }),
  fault({
    ...{
      name: 'little-memory',
      what: 'the address space of the load process is limited to 0.9 GB',
      number: 'completed',
    },
    ...{ prefix: ['sh', '-c', 'ulimit -v 900000; exec "$@"', 'sh'] },
    expect: { fails: 'exit SIGABRT' },
  }),
  fault({
    ...{ name: 'killed', what: 'the load process is killed in the middle', number: 'completed', ...LONGER },
    async during({ pid, server }) {
      await server.arrived(128);
      process.kill(pid, 'SIGKILL');
    },
    expect: { fails: 'exit SIGKILL' },
  }),
  fault({
    ...{
      name: 'stopped',
      what: 'the load process gets SIGTERM in the middle',
      number: 'completed',
      ...LONGER,
    },
    async during({ pid, server }) {
      await server.arrived(128);
      process.kill(pid, 'SIGTERM');
    },
    expect: { fails: 'exit 130' },
  }),
];
