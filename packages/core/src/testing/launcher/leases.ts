import assert from 'node:assert/strict';
import { isAbsolute, join } from 'node:path';
import { getText, putText } from '../../launch/files.js';
import type { Executor } from '../../plugin/index.js';
import type { Check } from '../contract.js';
import {
  GRACE_MS,
  IS_ALIVE,
  never,
  onNode,
  PARENT,
  script,
  SERVER,
  withLease,
  type LauncherSubject,
} from './lease.js';

/** What is got and given back. */
export const LEASE_CHECKS: readonly Check<LauncherSubject>[] = [
  { title: 'gives its handle before the nodes are there, and the same one with them', run: tellsHandle },
  { title: 'gives nodes with names, addresses and folders of the lease alone', run: givesNodes },
  { title: 'refuses more nodes than there are', run: refusesTooMany },
  { title: 'gives nothing once it was told to stop', run: stopsWaiting },
  { title: 'knows free ports, asks servers on its node, and whose they are', run: onNode(servers) },
  { title: 'leaves nothing behind when nodes are given back, also twice', run: leavesNothing },
  { title: 'keeps two leases apart', run: keepsApart },
];

async function tellsHandle(subject: LauncherSubject): Promise<void> {
  const told: string[] = [];
  let isThere = false;
  const onHandle = (handle: string): void => {
    assert(!isThere, 'it gives the handle only when the nodes are there');
    told.push(handle);
  };
  await withLease(
    subject,
    1,
    async ({ handle }) => {
      isThere = true;
      assert.deepEqual([...new Set(told)], [handle], 'it has not given the handle of its lease');
      await Promise.resolve();
    },
    { onHandle },
  );
}

async function givesNodes(subject: LauncherSubject): Promise<void> {
  await withLease(subject, 1, async ({ executors }) => {
    assert(executors.length >= 1, 'it gives no node');
    for (const { node, workDir } of executors) {
      assert(node.name !== '' && node.host !== '', 'a node has no name or no address');
      assert(isAbsolute(workDir), `${workDir} is not absolute`);
    }
    await Promise.resolve();
  });
}

async function refusesTooMany(subject: LauncherSubject): Promise<void> {
  const wanted = subject.nodes + 1;
  if (!Number.isFinite(wanted)) return;
  await assert.rejects(
    withLease(subject, wanted, () => Promise.resolve()),
    { code: 'PLAN_UNSUPPORTED' },
    `it gives ${wanted} nodes, or waits for them`,
  );
}

async function stopsWaiting(subject: LauncherSubject): Promise<void> {
  const stopped = AbortSignal.abort(new Error('stopped'));
  await assert.rejects(
    withLease(subject, 1, () => Promise.resolve(), {}, stopped),
    'it gives nodes nevertheless',
  );
}

async function servers(executor: Executor, { program }: LauncherSubject): Promise<void> {
  const port = await executor.freePort();
  assert.equal(await executor.portInUse(port), false, 'its free port is in use');
  const url = `http://${executor.node.host}:${port}`;
  await assert.rejects(executor.http({ url }, AbortSignal.timeout(GRACE_MS)));
  const server = await executor.spawn(script(program, SERVER, executor.node.host, String(port)), never);
  try {
    for await (const _ of server.lines()) break;
    assert.equal(await executor.portInUse(port), true);
    assert.deepEqual(await executor.http({ url }, never), { status: 200, body: 'GET ' });
    const asked = { method: 'POST', url: `${url}/no`, body: { a: 1 } } as const;
    assert.deepEqual(await executor.http(asked, never), { status: 503, body: 'POST {"a":1}' });
    const ours = await executor.isOurs?.(port);
    assert(ours !== false, 'it takes a server of its own for that of another');
  } finally {
    await server.stop(GRACE_MS);
  }
}

async function leavesNothing(subject: LauncherSubject): Promise<void> {
  const { program } = subject;
  const [child, workDir, node] = await withLease(subject, 1, async (lease) => {
    const [executor] = lease.executors as [Executor];
    const parent = await executor.spawn(script(program, PARENT), never);
    for await (const _ of parent.lines()) break;
    const pid = await getText(executor, join(executor.workDir, 'child'));
    await lease[Symbol.asyncDispose]();
    return [pid, executor.workDir, executor.node.name];
  });
  await withLease(subject, 1, async ({ executors: [executor] }) => {
    // On another node the number is another process's.
    if (executor!.node.name !== node) return;
    const { stdout } = await executor!.run(script(program, IS_ALIVE, child), never);
    assert.equal(stdout.trim(), 'gone', 'a process goes on on a node that was given back');
    const code = 'console.log(require("node:fs").existsSync(process.argv[1]))';
    const { stdout: isThere } = await executor!.run(script(program, code, workDir), never);
    assert.equal(isThere.trim(), 'false', 'the folder of the lease is still there');
  });
}

async function keepsApart(subject: LauncherSubject): Promise<void> {
  if (subject.nodes < 2 && subject.launcher.name !== 'local') return;
  await withLease(subject, 1, ({ executors: [first] }) =>
    withLease(subject, 1, async ({ executors: [second] }) => {
      await putText(first!, join(first!.workDir, 'mine'), 'first');
      await assert.rejects(getText(second!, join(second!.workDir, 'mine')), 'two leases share a folder');
    }),
  );
}
