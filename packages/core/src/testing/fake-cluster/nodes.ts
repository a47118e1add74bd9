import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findProcess, formatProcessId, parseProcessId } from '../../launch/process-table.js';

/** Milliseconds between two checks for free nodes. */
const LOOK_MS = 20;

/** A node of a fake cluster: an address of this machine and a folder, shared with no other node. */
export interface FakeNode {
  readonly name: string;
  readonly host: string;
  readonly folder: string;
}

/** Nodes of a cluster, the same for all that share its folder. Addresses are from 127.0.0.0/8 and differ between folders. */
export function fakeNodes(folder: string, count: number): readonly FakeNode[] {
  const [first = 0, second = 0] = createHash('sha256').update(folder).digest();
  return Array.from({ length: count }, (_, index) => ({
    name: `node-${index}`,
    host: `127.${1 + (first % 254)}.${second}.${index + 1}`,
    folder: join(folder, `node-${index}`),
  }));
}

export interface HeldNodes extends AsyncDisposable {
  readonly nodes: readonly FakeNode[];
}

/**
 * Waits until enough nodes are free and takes them all at once, so that two jobs that each hold half of what they need don't wait for each
 * other. Nodes of a process that has ended count as free.
 */
export async function holdNodes(
  all: readonly FakeNode[],
  count: number,
  token: string,
  signal: AbortSignal,
): Promise<HeldNodes> {
  for (;;) {
    const held: FakeNode[] = [];
    for (const node of all) if (held.length < count && (await take(node, token))) held.push(node);
    const giveBack = async (): Promise<void> => {
      await Promise.all(held.map((node) => rm(leaseFile(node), { force: true })));
    };
    if (held.length === count) return { nodes: held, [Symbol.asyncDispose]: giveBack };
    await giveBack();
    await delay(LOOK_MS * (1 + Math.random()), undefined, { signal });
  }
}

async function take(node: FakeNode, token: string): Promise<boolean> {
  await mkdir(node.folder, { recursive: true });
  const own = findProcess(process.pid) ?? { pid: process.pid, start: '' };
  try {
    const file = await open(leaseFile(node), 'wx');
    await file.writeFile(`${formatProcessId(own)}\n${token}\n`);
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (await isHeld(node)) return false;
  await rm(leaseFile(node), { force: true });
  return false; // taken at the next check, by the first one to come
}

async function isHeld(node: FakeNode): Promise<boolean> {
  const [holder = ''] = (await readFile(leaseFile(node), 'utf8').catch(() => '')).split('\n');
  if (holder === '') return true; // being written
  const { pid, start } = parseProcessId(holder);
  return findProcess(pid)?.start === start;
}

function leaseFile({ folder }: FakeNode): string {
  return join(folder, 'lease');
}
