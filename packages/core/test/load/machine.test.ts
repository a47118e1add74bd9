import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startClock } from '../../src/load/health/clock.js';
import { watchMachine } from '../../src/load/health/machine/machine.js';
import { cpuTimes, listenersOn, processTimes } from '../../src/load/health/machine/proc.js';
import { quietnessBetween, watchQuiet } from '../../src/load/health/machine/quiet.js';
import { ownProcesses } from '../../src/load/health/machine/server-processes.js';
import { PauseList } from '../../src/load/health/pauses.js';

const children: ChildProcess[] = [];
/** Their child processes, by pid. */
const grandchildren: number[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const pid of grandchildren.splice(0)) process.kill(pid, 'SIGKILL');
});

/** Runs a script in a separate process and returns its first line. */
async function start(script: string, detached = false): Promise<{ pid: number; said: string }> {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'], detached });
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { pid: child.pid ?? 0, said: line.toString().trim() };
}

const LISTEN = `require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port); })`;
const BURN = `console.log('on'); for (;;);`;

/** Waits until a process has used this many more CPU seconds. */
async function burnt(pid: number, seconds: number): Promise<void> {
  const from = processTimes(pid)?.cpuS ?? NaN;
  while ((processTimes(pid)?.cpuS ?? NaN) - from < seconds) await new Promise((next) => setTimeout(next, 20));
}

describe.runIf(process.platform === 'linux')('the machine', () => {
  it('finds who listens on a port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(listenersOn(port)).toEqual([process.pid]);
    server.close();
    await once(server, 'close');
    expect(listenersOn(port)).toEqual([]);
  });

  it('counts a server with what it started, and nothing that runs next to it', async () => {
    const helper = `const helper = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(BURN)}]);`;
    const both = `console.log(this.address().port + ' ' + helper.pid)`;
    const server = await start(helper + LISTEN.replace(/console\.log\([^;]*\)/, both));
    const [port, helperPid] = server.said.split(' ').map(Number);
    grandchildren.push(helperPid!);
    const neighbour = await start(BURN);
    const { server: found } = ownProcesses(`http://127.0.0.1:${port}`);
    expect(found).toEqual(new Set([server.pid, helperPid]));
    expect(found).not.toContain(neighbour.pid);
  });

  it('has no server on this machine for an endpoint elsewhere, and none that it knows where nothing listens', async () => {
    const server = await start(LISTEN);
    children.splice(0).forEach((child) => child.kill('SIGKILL'));
    while (listenersOn(Number(server.said)).length > 0) await new Promise((next) => setTimeout(next, 5));
    expect(ownProcesses('http://192.0.2.1:80').server?.size).toBe(0);
    expect(ownProcesses(`http://127.0.0.1:${server.said}`).server).toBeUndefined();
  });

  it("tells others' CPU from the server's", async () => {
    const server = await start(LISTEN + `.on('connection', () => { for (;;); })`);
    const stop = watchMachine(`http://127.0.0.1:${server.said}`, startClock());
    const neighbour = await start(BURN, true);
    await burnt(neighbour.pid, 0.5);
    const { othersCpuS = 0, serverCpuS = NaN, cpus = 0, seconds, suspendedMs, wallShiftMs } = stop();
    // Other programs on the machine also count as others.
    expect(othersCpuS).toBeGreaterThan(0.4);
    expect(othersCpuS).toBeLessThanOrEqual(cpus * seconds * 1.1);
    expect(serverCpuS).toBeLessThan(0.4);
    expect(suspendedMs).toBe(0);
    expect(Math.abs(wallShiftMs)).toBeLessThan(500);
  });

  it("counts what the server under test uses as the server's", async () => {
    const server = await start(LISTEN + `; setTimeout(() => { for (;;); })`);
    const stop = watchMachine(`http://127.0.0.1:${server.said}`, startClock());
    await burnt(server.pid, 0.5);
    const { serverCpuS, serverWaitS } = stop();
    expect(serverCpuS).toBeGreaterThan(0.4);
    expect(serverWaitS).toBeGreaterThanOrEqual(0);
  });

  it('leaves out what others used where the server was not found', () => {
    const record = watchMachine('http://127.0.0.1:1', startClock())();
    expect(record.busyCpuS).toBeGreaterThanOrEqual(0);
    expect(record).not.toHaveProperty('othersCpuS');
    expect(record).not.toHaveProperty('serverCpuS');
  });

  it('watches whether the machine is quiet', async () => {
    const burner = await start(BURN);
    await burnt(burner.pid, 0.1);
    // One busy loop is at least 3 % of up to 32 CPUs.
    const { quiet, busy } = (await watchQuiet(0.5))!;
    expect(quiet).toBe(busy < 0.03);
    expect(busy).toBeGreaterThan(0);
  });
});

it('reads the times of all CPUs', () => {
  const text =
    'cpu  100 10 40 800 50 1 2 30 7 0\ncpu0 50 5 20 400 25 0 1 15 0 0\ncpu1 50 5 20 400 25 1 1 15 0 0\nintr 5';
  expect(cpuTimes(text)).toEqual({ cpus: 2, busyS: 1.53, stolenS: 0.3, totalS: 10.33 });
  expect(cpuTimes('cpu nonsense')).toBeUndefined();
});

it.each([
  [0.02, 0, true],
  [0.04, 0, false],
  [0.02, 0.02, false],
])('calls a machine with %d busy and %d stolen quiet: %s', (busy, stolen, quiet) => {
  const before = { cpus: 2, busyS: 100, stolenS: 3, totalS: 1000 };
  const after = { cpus: 2, busyS: 100 + 10 * busy, stolenS: 3 + 10 * stolen, totalS: 1010 };
  expect(quietnessBetween(before, after)?.quiet).toBe(quiet);
  expect(quietnessBetween(before, before)).toBeUndefined();
});

describe('pauses', () => {
  it('are delays of 50 ms and more, and what they took', () => {
    const list = new PauseList();
    for (const [dueMs, lagMs] of [
      [10, 49],
      [100, 50],
      [200, 1000],
    ] as const)
      list.add(dueMs, lagMs);
    expect(list.summary()).toEqual({
      count: 2,
      lostMs: 1050,
      longest: [
        { startMs: 100, ms: 50 },
        { startMs: 200, ms: 1000 },
      ],
    });
  });

  it('are all counted, and the longest listed', () => {
    const list = new PauseList();
    for (let i = 0; i < 1000; i++) list.add(1000 * i, 50 + i);
    const { count, lostMs, longest } = list.summary();
    expect({ count, lostMs, listed: longest.length }).toEqual({ count: 1000, lostMs: 549_500, listed: 100 });
    expect(longest[0]).toEqual({ startMs: 900_000, ms: 950 });
  });
});
