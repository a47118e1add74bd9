import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { connectAgent, type Agent, type AgentProcess } from '../../src/launch/agent/agent.js';
import { SweeplineError } from '../../src/errors.js';
import { putText } from '../../src/launch/files.js';
import { newToken } from '../../src/launch/marker.js';
import type { Exit, NodeLauncher } from '../../src/plugin/index.js';
import { testLauncher } from '../../src/testing/index.js';
import { makeTestWorkspace } from '../../src/testing/workspace.js';

const BUNDLED = fileURLToPath(new URL('../../dist/client/agent.mjs', import.meta.url));
const never = new AbortController().signal;

interface Started {
  readonly child: ChildProcess;
  readonly process: AgentProcess;
}

function start(args: readonly string[]): Started {
  return startProgram(process.execPath, args);
}

function startProgram(file: string, args: readonly string[]): Started {
  const child = spawn(file, args, { stdio: 'pipe' });
  let errors = '';
  child.stderr.on('data', (piece: Buffer) => (errors += piece.toString()));
  const exited = new Promise<Exit>((resolve) =>
    child.once('close', (code, signal) => resolve({ code: code ?? undefined, signal: signal ?? undefined })),
  );
  const kill = (): void => void child.kill('SIGKILL');
  return {
    child,
    process: { stdin: child.stdin, stdout: child.stdout, exited, errorTail: () => errors, kill },
  };
}

function startAgent(token: string, base: string, name = 'n1', host = '127.0.0.1'): Started {
  return start([BUNDLED, token, name, host, base]);
}

/** Each node is an agent of this machine, with an address of its own. */
const launcher: NodeLauncher = {
  kind: 'launcher',
  name: 'agents',
  apiVersion: 2,
  async acquire({ nodes, token, localDir, onHandle }, signal) {
    signal.throwIfAborted();
    if (nodes > 2) throw new SweeplineError('PLAN_UNSUPPORTED', 'there are two nodes');
    onHandle(token);
    const executors: Agent[] = [];
    for (let number = 1; number <= nodes; number++) {
      const [name, host] = [`n${number}`, `127.9.0.${number}`];
      const { process } = startAgent(token, localDir, name, host);
      executors.push(await connectAgent(process, { token, name, host }, signal));
    }
    return {
      handle: token,
      executors,
      async [Symbol.asyncDispose]() {
        await Promise.all(executors.map((agent) => agent[Symbol.asyncDispose]()));
      },
    };
  },
};

testLauncher(launcher, {
  ...{ describe, it, nodes: 2 },
  sku: { name: 'cpu', vendor: 'any', device: 'cpu', devicesPerNode: 1, sources: [] },
});

describe('an agent', () => {
  it('is found behind what its machine prints first, and says what is wrong where it does not start', async () => {
    await using workspace = await makeTestWorkspace();
    const token = newToken();
    const prologue = `console.log('welcome\\nsweepline-agent other');
      process.argv.splice(1, 1, ...${JSON.stringify([BUNDLED])});
      await import(${JSON.stringify(BUNDLED)});`;
    const noisy = start([
      '--input-type=module',
      '-e',
      prologue,
      'x',
      token,
      'n1',
      '127.0.0.1',
      workspace.root,
    ]);
    await using agent = await connectAgent(noisy.process, { token, name: 'n1', host: '127.0.0.1' }, never);
    expect((await agent.run({ argv: ['echo', 'there'] }, never)).stdout).toBe('there');

    const none = start(['-e', 'console.error("no such node"); process.exitCode = 3']);
    await expect(
      connectAgent(none.process, { token, name: 'n2', host: '127.0.0.1' }, never),
    ).rejects.toMatchObject({
      code: 'NODE_UNFIT',
      message: expect.stringContaining('no such node') as string,
      where: { node: 'n2' },
    });
  });

  it('says that it is lost before what it was asked fails, and its processes end', async () => {
    await using workspace = await makeTestWorkspace();
    const token = newToken();
    const { child, process } = startAgent(token, workspace.root);
    const seen: string[] = [];
    const agent = await connectAgent(
      process,
      {
        ...{ token, name: 'n1', host: '127.0.0.1' },
        onLost: async () => {
          await setImmediate();
          seen.push('lost');
        },
      },
      never,
    );
    const server = await agent.spawn({ argv: ['sleep', '600'] }, never);
    void server.exited.then(() => seen.push('ended'));
    const asked = agent.run({ argv: ['sleep', '600'] }, never);
    asked.catch(() => seen.push('failed'));

    child.kill('SIGKILL');

    await expect(asked).rejects.toMatchObject({ code: 'LEASE_LOST', where: { node: 'n1' } });
    expect(await agent.lost).toContain('SIGKILL');
    expect(await server.exited).toEqual({ code: undefined, signal: undefined });
    expect(seen[0]).toBe('lost');
    expect(seen.slice(1).sort()).toEqual(['ended', 'failed']);
    await expect(putText(agent, 'a', 'b')).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await expect(agent.freePort()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await agent[Symbol.asyncDispose]();
    // The machine would end these with the agent's step.
    for (const pid of await workspace.processes()) globalThis.process.kill(pid, 'SIGKILL');
  });

  it('is given up with the program that leads to it, where that goes on without it', async () => {
    await using workspace = await makeTestWorkspace();
    const token = newToken();
    const script = 'node "$@"; head -c 100 /dev/zero | tr "\\0" x; exec sleep 600';
    const { process } = startProgram('sh', [
      '-c',
      script,
      'sh',
      BUNDLED,
      token,
      'n1',
      '127.0.0.1',
      workspace.root,
    ]);
    const agent = await connectAgent(process, { token, name: 'n1', host: '127.0.0.1' }, never);
    await expect(agent.run({ argv: ['sh', '-c', 'kill -KILL $PPID'] }, never)).rejects.toMatchObject({
      code: 'LEASE_LOST',
    });
    await agent.lost;
    await agent[Symbol.asyncDispose]();
    expect(await process.exited).toEqual({ code: undefined, signal: 'SIGKILL' });
  });

  it('ends what it started, and its folder, when nobody speaks to it any more', async () => {
    await using workspace = await makeTestWorkspace();
    const token = newToken();
    const { process } = startAgent(token, workspace.root);
    const agent = await connectAgent(process, { token, name: 'n1', host: '127.0.0.1' }, never);
    await agent.spawn({ argv: ['sleep', '600'] }, never);
    expect(existsSync(agent.workDir)).toBe(true);

    process.stdin.end();

    await process.exited;
    expect(existsSync(agent.workDir)).toBe(false);
    expect(await workspace.processes()).toEqual([]);
  });

  it('reports errors of its node as they are, and aborts what is not waited for any more', async () => {
    await using workspace = await makeTestWorkspace();
    const token = newToken();
    await using agent = await connectAgent(
      startAgent(token, workspace.root).process,
      { token, name: 'n1', host: '127.0.0.1' },
      never,
    );
    await expect(agent.read('/nowhere', { from: 0, length: 1 })).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(agent.spawn({ argv: ['/nowhere'] }, never)).rejects.toMatchObject({
      code: 'SERVER_SPAWN_FAILED',
      hint: expect.stringContaining('Install') as string,
    });
    const stop = new AbortController();
    const asked = agent.run({ argv: ['sleep', '600'] }, stop.signal);
    stop.abort();
    expect((await asked).exit.code).not.toBe(0);
    const big = join(agent.workDir, 'big');
    const pieces = Array.from({ length: 40 }, (_, index) => Buffer.alloc(300_000, index));
    await agent.copyIn(asStream(pieces), big, 0o600);
    const back: Uint8Array[] = [];
    for await (const piece of agent.copyOut(big)) back.push(piece);
    expect(Buffer.concat(back).equals(Buffer.concat(pieces))).toBe(true);
  });
});

async function* asStream(pieces: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}
