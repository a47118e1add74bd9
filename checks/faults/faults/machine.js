// @ts-check
import { spawn } from 'node:child_process';
import { mkdtempSync, rmdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TWENTY_SECONDS } from './twenty-seconds.js';

/**
 * Faults of the machine on which the client runs. Steal time of a hypervisor can't be caused here.
 * @typedef {import('../run-fault.js').Fault} Fault
 */

/** @param {Omit<Fault, 'where' | 'slow'>} fault @returns {Fault} */
const fault = (fault) => ({ where: 'machine', slow: true, ...fault });

/** 8 streams, 512 requests of 95 ms: 6 s. */
const LONGER = { load: { numPrompts: 512 } };

/**
 * Other processes that use the cores in the middle of the run. They end by themselves, and descend from no process of this check:
 * descendants of a server's process count as the server's.
 * @param {number} perCore @param {number} ms @returns {Fault['during']}
 */
const neighbours =
  (perCore, ms) =>
  async ({ server }) => {
    await server.arrived(40);
    const loop = `const end = Date.now() + ${ms}; while (Date.now() < end);`;
    for (let i = 0; i < perCore * availableParallelism(); i++) {
      spawn('sh', ['-c', 'setsid "$@" &', 'sh', process.execPath, '-e', loop], { stdio: 'ignore' });
    }
    await delay(ms);
  };

/** A CPU limit (cgroup v1, as root) for the load process, starting in the middle. */
const GROUP = `/sys/fs/cgroup/cpu/sweepline-faults-${process.pid}`;
const IN_GROUP = ['sh', '-c', `mkdir -p ${GROUP} && echo $$ > ${GROUP}/cgroup.procs && exec "$@"`, 'sh'];

/** @param {number} share Of a core. @returns {Fault['during']} */
const limited =
  (share) =>
  async ({ server }) => {
    process.once('exit', () => rmdirSync(GROUP));
    await server.arrived(64);
    writeFileSync(join(GROUP, 'cpu.cfs_quota_us'), String(Math.round(100_000 * share)));
    await server.arrived(400);
    writeFileSync(join(GROUP, 'cpu.cfs_quota_us'), '-1');
  };

const CLOCK = join(mkdtempSync(join(tmpdir(), 'sweepline-clock-')), 'clock');
/** Only the wall clock follows the file. */
const WITH_CLOCK = [
  ...['env', `FAKETIME_TIMESTAMP_FILE=${CLOCK}`, 'FAKETIME_NO_CACHE=1', 'FAKETIME_DONT_FAKE_MONOTONIC=1'],
  ...['LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1'],
];

/** @type {Fault['during']} */
const clockSetBack = async ({ server }) => {
  await server.arrived(128);
  writeFileSync(CLOCK, '-3600s\n');
};

/** @returns {Fault['during']} */
function setBack() {
  writeFileSync(CLOCK, '+0s\n');
  return clockSetBack;
}

/** @type {readonly Fault[]} */
export const MACHINE = [
  fault({
    ...{
      name: 'neighbours',
      what: 'two busy loops on each core for 10 s of 20',
      number: 'p99_tpot_ms',
      ...TWENTY_SECONDS,
    },
    during: neighbours(2, 10_000),
    expect: { mark: 'machine-shared', severity: 'note', orWorse: true },
  }),
  fault({
    ...{
      name: 'neighbour',
      what: 'one busy loop on each core for 3 s of 6',
      number: 'p99_itl_ms',
      ...LONGER,
    },
    during: neighbours(1, 3000),
    expect: { mark: 'machine-shared', severity: 'note', orWorse: true },
  }),
  fault({
    ...{
      name: 'cpu-limit',
      what: 'a cgroup gives the load process 3 % of a core',
      number: 'p99_itl_ms',
      ...LONGER,
    },
    ...{ needs: '/sys/fs/cgroup/cpu/cpu.cfs_quota_us', prefix: IN_GROUP, during: limited(0.03) },
    expect: { mark: 'client-throttled', severity: 'invalid' },
  }),
  fault({
    ...{
      name: 'clock-set-back',
      what: 'the wall clock is set back by an hour in the middle (faketime)',
      number: 'duration',
    },
    ...{
      ...LONGER,
      needs: WITH_CLOCK.at(-1)?.replace('LD_PRELOAD=', '') ?? '',
      prefix: WITH_CLOCK,
      during: setBack(),
    },
    expect: { mark: 'clock-shift', severity: 'note' },
  }),
];
