import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startGuardian } from '../../src/launch/guardian.js';
import { findProcess } from '../../src/launch/process-table.js';
import { makeTestWorkspace, type TestWorkspace } from '../../src/testing/workspace.js';
import { GUARDIAN, guardiansOf, isAlive, SOON } from './guardians.js';

const HOST = fileURLToPath(new URL('../fixtures/launching/main.js', import.meta.url));

/** A process that launches others as a sweep does. */
interface Host extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly warnings: readonly string[];
  call(call: string, argument?: unknown): Promise<unknown>;
  /** Pids of its guardians. */
  guardians(): readonly number[];
  /** Kills it, and others with it; resolves when nothing runs in the workspace any more. */
  kill(...others: readonly number[]): Promise<void>;
}

async function startHost(workspace: TestWorkspace, env: NodeJS.ProcessEnv = {}): Promise<Host> {
  const host = fork(HOST, [workspace.root], { cwd: workspace.root, env: { ...process.env, ...env } });
  const warnings: string[] = [];
  const answers: ((result: unknown) => void)[] = [];
  host.on('message', (message: { warning?: string; result?: unknown }) => {
    if (message.warning !== undefined) warnings.push(message.warning);
    else answers.shift()?.(message.result);
  });
  const answer = (): Promise<unknown> => new Promise((resolve) => answers.push(resolve));
  await answer();
  const kill = async (...others: readonly number[]): Promise<void> => {
    for (const pid of [host.pid!, ...others]) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await vi.waitFor(async () => expect(await workspace.processes()).toEqual([]), SOON);
  };
  return {
    process: host,
    warnings,
    kill,
    call(call, argument) {
      const result = answer();
      host.send({ call, argument });
      return result;
    },
    guardians: () => guardiansOf(host.pid),
    [Symbol.asyncDispose]: kill,
  };
}

/** Whether a process handles SIGHUP (1), SIGINT (2) and SIGTERM (15). */
function catchesEndSignals(pid: number): boolean {
  const caught = /^SigCgt:\s+(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${caught}`) & 0x4003n) === 0x4003n;
}

/** A server with a daemon: a descendant with a session of its own, whose parent has gone. Their pids get into files. */
const WITH_DAEMON = `(setsid sh -c 'echo $$ > daemon; exec sleep 600' &); echo $$ > server; exec sleep 600`;

async function pidIn(workspace: TestWorkspace, file: string): Promise<number> {
  return vi.waitFor(async () => {
    const pid = Number(await readFile(join(workspace.root, file), 'utf8'));
    expect(pid).toBeGreaterThan(0);
    return pid;
  }, SOON);
}

describe('what was started', () => {
  it('is stopped with daemons that left its group and have lost their parent', async () => {
    await using workspace = await makeTestWorkspace();
    await using host = await startHost(workspace);
    const server = await host.call('spawn', ['sh', '-c', WITH_DAEMON]);
    const other = await host.call('spawn', ['sh', '-c', 'echo $$ > other; exec sleep 600']);
    const daemon = await pidIn(workspace, 'daemon');

    await host.call('stop', server);

    expect(isAlive(daemon)).toBe(false);
    expect(isAlive(await pidIn(workspace, 'other'))).toBe(true);
    await host.call('stop', other);
  });

  it('is ended with the lease at the latest', async () => {
    await using workspace = await makeTestWorkspace();
    await using host = await startHost(workspace);
    // As a command of the set-up does that starts a cluster: `ray start`.
    await host.call('run', ['sh', '-c', `(setsid sh -c 'echo $$ > daemon; exec sleep 600' >&- 2>&- &)`]);
    const daemon = await pidIn(workspace, 'daemon');
    expect(isAlive(daemon)).toBe(true);

    void host.call('dispose');
    await once(host.process, 'exit');

    expect(isAlive(daemon)).toBe(false);
  });

  it('has the token of its own session after those of the sessions around', async () => {
    await using workspace = await makeTestWorkspace();
    await using host = await startHost(workspace, { SWEEPLINE_TOKEN: 'outer.1' });
    await host.call('spawn', ['sh', '-c', 'echo $SWEEPLINE_TOKEN > token; exec sleep 600']);

    await vi.waitFor(async () => {
      expect(await readFile(join(workspace.root, 'token'), 'utf8')).toMatch(
        /^outer\.1,[0-9a-f]{32}\.[0-9a-f]{8}\.1\n$/,
      );
    }, SOON);
  });
});

describe('a guardian that can not be started', () => {
  const node = process.execPath;
  afterEach(() => (process.execPath = node));

  it('is said to be missing, with what that means', async () => {
    const warnings: string[] = [];
    process.execPath = '/nowhere/node';
    const guardian = startGuardian('token', (message) => warnings.push(message));

    await vi.waitFor(() => {
      expect(warnings).toContainEqual(
        expect.stringMatching(/can't be started: .*ENOENT: servers may be left running/),
      );
    }, SOON);

    await guardian.close();
  });
});

describe('when Sweepline is killed, the guardian', () => {
  it('ends servers, and daemons that left their group and have lost their parent', async () => {
    await using workspace = await makeTestWorkspace();
    const host = await startHost(workspace);
    await host.call('spawn', ['sh', '-c', WITH_DAEMON]);
    const pids = [await pidIn(workspace, 'daemon'), await pidIn(workspace, 'server')];
    expect(pids.map(isAlive)).toEqual([true, true]);

    await host.kill();

    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  it('runs the commands that it was given, and none where all has ended in order', async () => {
    await using workspace = await makeTestWorkspace({});
    const touch = (name: string): readonly string[] => ['touch', join(workspace.root, name)];
    {
      await using host = await startHost(workspace);
      await host.call('atDeath', touch('in order'));
      const gone = once(host.process, 'exit');
      await Promise.race([host.call('dispose'), gone]);
      await gone;
    }
    {
      await using host = await startHost(workspace);
      await host.call('atDeath', ['/nowhere/program']);
      await host.call('atDeath', touch('killed'));
      await host.kill();
    }
    await vi.waitFor(() => expect(existsSync(join(workspace.root, 'killed'))).toBe(true), SOON);
    expect(existsSync(join(workspace.root, 'in order'))).toBe(false);
  });

  it('does so, too, where one of its processes is killed at the same time', async () => {
    await using workspace = await makeTestWorkspace();
    const host = await startHost(workspace);
    await host.call('spawn', ['sleep', '600']);
    const [guardian] = host.guardians();

    await host.kill(guardian!);
  });

  it('was started again where it had been killed before, with a warning', async () => {
    await using workspace = await makeTestWorkspace();
    const host = await startHost(workspace);
    // Without the token it is known only by what the guardian is told of it.
    await host.call('spawn', ['env', '-i', '/bin/sleep', '600']);
    const before = await vi.waitFor(() => {
      const pids = host.guardians();
      expect(pids).toHaveLength(2);
      return pids;
    }, SOON);

    for (const pid of before) process.kill(pid, 'SIGKILL');

    await vi.waitFor(() => {
      const now = host.guardians();
      expect(now).toHaveLength(2);
      expect(now.filter((pid) => before.includes(pid))).toEqual([]);
    }, SOON);
    expect(host.warnings).toEqual([
      'the guardian, which ends servers if Sweepline is killed, was ended (SIGKILL): another was started',
    ]);
    await host.kill();
  });

  it('has not been ended by signals that ask for it', async () => {
    await using workspace = await makeTestWorkspace();
    const host = await startHost(workspace);
    await host.call('spawn', ['sleep', '600']);
    const guardians = host.guardians();
    // They take signals from the time on at which they run.
    await vi.waitFor(() => {
      expect(guardians.map(catchesEndSignals)).toEqual([true, true]);
    }, SOON);

    for (const pid of guardians)
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.kill(pid, signal);

    await host.kill();
    expect(host.warnings).toEqual([]);
  });

  it.each([
    { title: 'ends a process that started when it was told', shift: 0, alive: false },
    { title: 'leaves one alone that has the number of another by now', shift: -1, alive: true },
  ])('$title', async ({ shift, alive }) => {
    const innocent = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    const { pid, start } = findProcess(innocent.pid!)!;
    const guardian = spawn(process.execPath, [GUARDIAN], { stdio: ['pipe', 'ignore', 'inherit'] });

    guardian.stdin.end(`a-token guard\na-token watch ${pid} ${Number(start) + shift}\n`);

    await once(guardian, 'exit');
    expect(isAlive(pid)).toBe(alive);
    innocent.kill('SIGKILL');
  });

  it('leaves alone what got the number of a server that had ended', async ({ skip }) => {
    await using workspace = await makeTestWorkspace();
    const host = await startHost(workspace);
    const server = await host.call('spawn', ['sh', '-c', 'echo $$ > server']);
    const pid = await pidIn(workspace, 'server');
    await host.call('exited', server);
    const innocent = spawnWithPid(pid);
    if (innocent === undefined) {
      await host.kill();
      return skip(
        '/proc/sys/kernel/ns_last_pid can not be written here, which gives a process a chosen number',
      );
    }
    const guardians = host.guardians();

    await host.kill();

    await vi.waitFor(() => expect(guardians.filter(isAlive)).toEqual([]), SOON);
    expect(isAlive(pid)).toBe(true);
    innocent.kill('SIGKILL');
  });
});

/** A process with this number, a group leader; undefined where that can't be had. */
function spawnWithPid(pid: number): ChildProcess | undefined {
  for (let tries = 0; tries < 500; tries++) {
    try {
      writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1));
    } catch {
      return undefined;
    }
    const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    if (child.pid === pid) return child;
    child.kill('SIGKILL');
  }
  return undefined;
}
