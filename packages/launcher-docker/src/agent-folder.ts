import { posix } from 'node:path';
import { SweeplineError, messageOf } from '@sweepline/core';
import type { Engine } from './engine.js';
import { bind } from './settings.js';

/** Where the container sees the folder above. */
const ABOVE = '/sweepline-above';
/** What root needs to remove files of others, and no more. */
const RIGHTS = ['--cap-drop=ALL', '--cap-add=DAC_OVERRIDE', '--cap-add=FOWNER', '--network=none'];

/** A folder that an agent has left. */
export interface AgentFolder {
  readonly folder: string;
  readonly token: string;
  /** An image that has `rm`. */
  readonly image: string;
}

/**
 * Removes the folder of an agent that was killed, on the machine of the daemon, by a container: nothing else of ours reaches it.
 * @throws {SweeplineError} NODE_WRITE_FAILED where it is left
 */
export async function removeAgentFolder(
  engine: Engine,
  { folder, token, image }: AgentFolder,
  signal?: AbortSignal,
): Promise<void> {
  const name = posix.basename(folder);
  // A label says which; only what carries the token is removed.
  if (!name.startsWith(`sweepline-${token}-`)) return;
  const mount = `--mount=${bind(posix.dirname(folder), ABOVE)}`;
  const as = ['--entrypoint=rm', '--user=0', '--pull=never'];
  try {
    await engine.ask(['run', '--rm', ...RIGHTS, mount, ...as, image, '-rf', posix.join(ABOVE, name)], signal);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new SweeplineError('NODE_WRITE_FAILED', `can't remove ${folder}: ${messageOf(cause)}`, {
      where: { node: engine.host.node.name },
      hint: 'Remove the folder there, as root.',
      cause,
    });
  }
}
