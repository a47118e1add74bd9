import { readFileSync, readlinkSync } from 'node:fs';
import { findProcess } from '@sweepline/core/launch';

/** Label with the token of the session that a container belongs to. */
export const TOKEN_LABEL = 'sweepline.token';
/** Label of an agent's container with the folder that the agent makes on its machine, and removes. */
export const FOLDER_LABEL = 'sweepline.folder';
/** Label with the process of Sweepline that started a container. */
export const OWNER_LABEL = 'sweepline.owner';

/**
 * Where process numbers mean what they mean here, and are seen: this boot of this machine, this namespace of processes, and this user,
 * who may not see those of others.
 */
function scope(): string {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${boot}/${readlinkSync('/proc/self/ns/pid')}/${process.getuid?.() ?? ''}`;
}

/** This process, for good. */
export function ownOwner(): string {
  return `${scope()}/${process.pid}/${findProcess(process.pid)?.start ?? ''}`;
}

/** Whether it is certain that the owner has ended; of owners elsewhere it never is. */
export function isDeadOwner(owner: string): boolean {
  const prefix = `${scope()}/`;
  if (!owner.startsWith(prefix)) return false;
  const [, pid, start] = /^(\d+)\/(\d+)$/.exec(owner.slice(prefix.length)) ?? [];
  if (pid === undefined) return false;
  const found = findProcess(Number(pid));
  return found === undefined || found.start !== start || !found.alive;
}
