import { SweeplineError } from '../errors.js';
import type { Executor } from '../plugin/node.js';

/** Runs the commands that a cluster's entry has under `before:`, one after another. @throws {SweeplineError} SETUP_FAILED */
export async function runBefore(
  commands: readonly (readonly string[])[],
  executor: Executor,
  signal: AbortSignal,
): Promise<void> {
  for (const argv of commands) {
    const { exit, stderr } = await executor.run({ argv }, signal);
    signal.throwIfAborted();
    if (exit.code === 0) continue;
    throw new SweeplineError(
      'SETUP_FAILED',
      `${argv.join(' ')} exited with ${exit.code ?? exit.signal}: ${stderr.trim()}`,
      {
        where: { node: executor.node.name },
        hint: 'It is one of the commands under `before:` of the cluster.',
      },
    );
  }
}
