import { SweeplineError, type Executor } from '@sweepline/core';
import type { Settings } from './settings.js';

const never = new AbortController().signal;

/** However the job went: their exit codes don't count. */
export async function runAfter({ after }: Settings, here: Executor): Promise<void> {
  for (const argv of after) await here.run({ argv }, never).catch(() => {});
}

/** Folders of a job, on every node. @throws {SweeplineError} NODE_UNFIT */
export async function makeFolders(
  folders: readonly string[],
  nodes: readonly Executor[],
  signal: AbortSignal,
): Promise<void> {
  if (folders.length === 0) return;
  for (const executor of nodes) {
    const { exit, stderr } = await executor.run({ argv: ['mkdir', '-p', ...folders] }, signal);
    if (exit.code === 0) continue;
    const { name } = executor.node;
    throw new SweeplineError(
      'NODE_UNFIT',
      `can't make the folders of temp-mounts on ${name}: ${stderr.trim()}`,
      {
        where: { node: name },
        hint: 'Correct `temp-mounts` in configs/clusters.yaml.',
      },
    );
  }
}

export async function removeFolders(folders: readonly string[], nodes: readonly Executor[]): Promise<void> {
  if (folders.length === 0) return;
  for (const executor of nodes)
    await executor.run({ argv: ['rm', '-rf', ...folders] }, never).catch(() => {});
}
