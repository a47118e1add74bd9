import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Executor } from '../../src/plugin/node.js';
import { createLocalExecutor } from '../../src/launch/local-executor.js';
import { generateLoad } from '../../src/load/run/run-load.js';
import { SilenceWatch, watchIdle } from '../../src/load/run/idle.js';
import { createTally, Live, setTally } from '../../src/load/health/tally.js';
import { runLoadProcess } from '../../src/measure/run-process.js';
import { startFakeServer, type FakeServer } from '../../src/testing/index.js';
import { marksOf } from '../../src/metrics/marks.js';
import { makeWorkspace } from '../workspace.js';
import { LoadFolder, type Started } from './load-process.js';
import { requestsBefore, specFor } from './specs.js';

let load: LoadFolder;
beforeEach(() => {
  load = new LoadFolder();
});
afterEach(() => load[Symbol.dispose]());

/** Releases what comes before; the server then sends nothing after the second event of each measured request. */
async function held(fake: FakeServer, before: number, concurrency = 4): Promise<void> {
  for (let i = 1; i <= before; i++) {
    await fake.when(({ requests }) => requests >= i);
    fake.release(1);
  }
  await fake.when(({ requests, inFlight }) => requests === before + concurrency && inFlight === concurrency);
}

async function startAndHold(fake: FakeServer, idleS?: number): Promise<Started> {
  fake.hold(2);
  const spec = load.spec(fake, { timeouts: { idleS } });
  const started = load.start(spec);
  await held(fake, requestsBefore(spec));
  return started;
}

describe('a load without progress', () => {
  it('is ended with an error that says so, and what was measured is kept', async () => {
    await using fake = await startFakeServer();
    const { code, events } = await (await startAndHold(fake, 1)).ended;
    expect(code).toBe(1);
    expect(events.at(-1)).toMatchObject({
      type: 'error',
      code: 'LOAD_IDLE',
      message: expect.stringMatching(/^no byte came for 1 s, .* 4 requests in flight/) as string,
      hint: expect.stringMatching(/idle-limit-s.*--idle-limit/) as string,
    });
    const { requests, complete } = load.recorded();
    expect(complete).toBe(false);
    expect(requests.map(({ state }) => state)).toEqual(Array(4).fill('cancelled'));
  });

  it('is ended in this process as well', async () => {
    await using fake = await startFakeServer();
    fake.hold(0);
    const spec = specFor(fake, { timeouts: { idleS: 0.5 } });
    await expect(generateLoad(spec)).rejects.toMatchObject({ code: 'LOAD_IDLE' });
  });

  it('ends a bench with exit code 1 and the advice', async () => {
    await using fake = await startFakeServer();
    await using workspace = await makeWorkspace();
    fake.hold(2);
    const bench = workspace.cli([
      ...[
        'bench',
        '--base-url',
        fake.url,
        '--model',
        'fake-model',
        '--random-input-len',
        '30',
        '--random-output-len',
        '8',
      ],
      ...['--num-prompts', '4', '--max-concurrency', '2', '--idle-limit', '1'],
    ]);
    const { exitCode, stderr } = await bench;
    expect(stderr).toMatch(/LOAD_IDLE: no byte came for 1 s/);
    expect(exitCode).toBe(1);
  });

  it('does not end a load that only waits for its schedule', () => {
    vi.useFakeTimers();
    try {
      const [tally, onIdle] = [createTally(), vi.fn()];
      const live = new Live(tally);
      watchIdle([tally], 10, onIdle);
      live.sent();
      live.ended({ state: 'completed', sentMs: 1, doneMs: 2, chunkMs: [] });
      vi.advanceTimersByTime(60_000);
      expect(onIdle).not.toHaveBeenCalled();
      live.sent();
      vi.advanceTimersByTime(9000);
      // Bytes without a token count as progress.
      setTally(tally, 'readMs', 9000);
      vi.advanceTimersByTime(9000);
      expect(onIdle).not.toHaveBeenCalled();
      vi.advanceTimersByTime(2000);
      expect(onIdle).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not count the time in which it could hear nothing', () => {
    vi.useFakeTimers();
    try {
      const onSilent = vi.fn();
      const watch = new SilenceWatch(60, () => false, onSilent);
      vi.advanceTimersByTime(1000);
      // As after a laptop was suspended: the clock is far ahead, and one timer is due.
      vi.setSystemTime(Date.now() + 3_600_000);
      vi.advanceTimersByTime(1000);
      expect(onSilent).not.toHaveBeenCalled();
      watch.stop();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a load process', () => {
  const { signal } = new AbortController();
  const run = (script: string, executor: Executor = createLocalExecutor()) => {
    const spec = { ...specFor({ url: 'http://127.0.0.1:1' }, { timeouts: { idleS: 0.2 } }) };
    const files = { specFile: `${load.path}/load.json`, onProgress: () => {} };
    const command = [process.execPath, '-e', script];
    return runLoadProcess(spec, executor, { ...files, command }, signal);
  };

  it('that was stopped is ended', async () => {
    await expect(run("process.kill(process.pid, 'SIGSTOP')")).rejects.toMatchObject({
      code: 'LOAD_IDLE',
      message: expect.stringMatching(/reported nothing for 5 s/) as string,
    });
  }, 60_000);

  const reports = (code: string, message: string) =>
    `console.log(${JSON.stringify(JSON.stringify({ type: 'error', code, message }))})`;
  const elsewhere = (): Executor => {
    const local = createLocalExecutor();
    return Object.assign(local, { node: { ...local.node, name: 'n7', isHere: false } });
  };

  it('on another machine whose disk is full blames that machine', async () => {
    const full = reports('RESULT_WRITE_FAILED', "can't write the records: ENOSPC: no space left on device");
    await expect(run(full, elsewhere())).rejects.toMatchObject({ code: 'NODE_UNFIT', where: { node: 'n7' } });
    await expect(run(full)).rejects.toMatchObject({ code: 'RESULT_WRITE_FAILED', where: {} });
  });

  it('on another machine says on which it failed', async () => {
    const other = reports('REQUEST_FAILED', 'none completed');
    await expect(run(other, elsewhere())).rejects.toMatchObject({
      code: 'REQUEST_FAILED',
      where: { node: 'n7' },
    });
  });

  it('that was killed says that memory is the likely reason', async () => {
    await expect(run("process.kill(process.pid, 'SIGKILL')")).rejects.toMatchObject({
      code: 'LOAD_FAILED',
      message: expect.stringMatching(/^the load process was killed by SIGKILL: .*memory/) as string,
    });
  });

  it('that stood still records for how long, and its result is marked', async () => {
    await using fake = await startFakeServer();
    const { child, ended } = await startAndHold(fake);
    child.kill('SIGSTOP');
    await delay(1200);
    child.kill('SIGCONT');
    fake.release();
    expect((await ended).code).toBe(0);
    const recorded = load.recorded();
    const [worker] = recorded.client.workers ?? [];
    expect(worker?.pauses?.longest.some(({ ms }) => ms > 1000)).toBe(true);
    expect(worker?.pauses?.lostMs).toBeGreaterThan(1000);
    expect(marksOf(recorded)).toContainEqual(
      expect.objectContaining({ code: 'client-frozen', severity: 'invalid' }),
    );
    expect(recorded.client.machine?.suspendedMs).toBe(0);
  });
});
