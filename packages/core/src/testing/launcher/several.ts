import assert from 'node:assert/strict';
import { join } from 'node:path';
import { getText, putText } from '../../launch/files.js';
import type { Check } from '../contract.js';
import { GRACE_MS, never, script, SERVER, withLease, type LauncherSubject } from './lease.js';

/** Of launchers that give several nodes. */
export const SEVERAL_NODES_CHECKS: readonly Check<LauncherSubject>[] = [
  { title: 'gives several nodes, each with what the others have not', run: severalNodes },
  { title: 'lets nodes reach each other by their addresses', run: reachEachOther },
];

/** Of launchers that start groups. */
export const GROUP_CHECKS: readonly Check<LauncherSubject>[] = [
  { title: 'starts a group with a process per rank, each with its log', run: group },
  { title: 'ends a group of which one rank fails', run: failingGroup },
];

async function severalNodes(subject: LauncherSubject): Promise<void> {
  const wanted = Math.min(4, subject.nodes);
  await withLease(subject, wanted, async ({ executors }) => {
    assert(executors.length >= wanted, `it gives ${executors.length} nodes of ${wanted}`);
    assert.equal(
      new Set(executors.map(({ node }) => node.name)).size,
      executors.length,
      'a node is there twice',
    );
    assert.equal(new Set(executors.map(({ node }) => node.host)).size, executors.length);
    for (const [index, executor] of executors.entries()) {
      await putText(executor, join(executor.workDir, 'number'), String(index));
    }
    const numbers = executors.map((executor) => getText(executor, join(executor.workDir, 'number')));
    const shared = new Set(executors.map(({ workDir }) => workDir)).size < executors.length;
    if (!shared)
      assert.deepEqual(
        await Promise.all(numbers),
        executors.map((_, index) => String(index)),
      );
  });
}

async function reachEachOther(subject: LauncherSubject): Promise<void> {
  await withLease(subject, 2, async ({ executors: [first, second] }) => {
    const port = await first!.freePort();
    const { host } = first!.node;
    const server = await first!.spawn(script(subject.program, SERVER, host, String(port)), never);
    for await (const _ of server.lines()) break;
    const { status } = await second!.http({ url: `http://${host}:${port}` }, never);
    assert.equal(status, 200);
    await server.stop(GRACE_MS);
  });
}

const RANK = 'process.env.PMIX_RANK ?? process.env.OMPI_COMM_WORLD_RANK ?? process.env.SLURM_PROCID';

async function group(subject: LauncherSubject): Promise<void> {
  await withLease(subject, 2, async (lease) => {
    const spec = { nodes: [0, 1], ranksPerNode: 2, log: 'logs/rank-{rank}.log' };
    const process = await lease.group!(
      { ...script(subject.program, `console.log('rank ' + (${RANK}))`), ...spec },
      never,
    );
    assert.equal((await process.exited).code, 0);
    for (const rank of [0, 1, 2, 3]) {
      const executor = lease.executors[Math.floor(rank / 2)]!;
      const text = await getText(executor, join(executor.workDir, `logs/rank-${rank}.log`));
      assert.equal(text.trim(), `rank ${rank}`);
    }
  });
}

async function failingGroup(subject: LauncherSubject): Promise<void> {
  await withLease(subject, 2, async (lease) => {
    const code = `if ((${RANK}) === '1') process.exit(3); setInterval(() => {}, 1000)`;
    const spec = { nodes: [0, 1], ranksPerNode: 1, log: 'rank-{rank}.log' };
    const process = await lease.group!({ ...script(subject.program, code), ...spec }, never);
    assert.notEqual((await process.exited).code, 0, 'a group of which a rank failed has exit code 0');
  });
}
