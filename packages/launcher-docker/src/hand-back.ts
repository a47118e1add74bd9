import { rm } from 'node:fs/promises';
import { SweeplineError, messageOf } from '@sweepline/core';
import type { Engine } from './engine.js';

/** What a container needs to give files to somebody, and no more. */
const RIGHTS = ['--cap-drop=ALL', '--cap-add=CHOWN', '--cap-add=DAC_READ_SEARCH', '--network=none'];

/**
 * Removes the folder of a lease. Containers of an engine that runs as root may have left files there that this user can't remove: then a
 * container gives them to this user first.
 * @throws {SweeplineError} NODE_WRITE_FAILED where files are left
 */
export async function removeFolder(folder: string, image: string | undefined, engine: Engine): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (cause) {
    if (image === undefined) throw notRemoved(folder, cause, engine);
    try {
      await handBack(folder, image, engine);
      await rm(folder, { recursive: true, force: true });
    } catch (again) {
      throw notRemoved(folder, again, engine);
    }
  }
}

/** Makes this user the owner of all that is in a folder, through a container of an image that has `chown`. */
export async function handBack(folder: string, image: string, engine: Engine): Promise<void> {
  const owner = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  const mount = ['-v', `${folder}:/handed-back`, '--entrypoint=chown', '--user=0', '--pull=never'];
  await engine.ask(['run', '--rm', ...RIGHTS, ...mount, image, '-R', '-h', owner, '/handed-back']);
}

function notRemoved(folder: string, cause: unknown, { host: { node } }: Engine): SweeplineError {
  return new SweeplineError('NODE_WRITE_FAILED', `can't remove ${folder}: ${messageOf(cause)}`, {
    where: { node: node.name },
    hint: 'Containers left files of root there: remove the folder as root.',
    cause,
  });
}
