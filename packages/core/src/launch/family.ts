import { setTimeout as delay } from 'node:timers/promises';
import { isMarked } from './marker.js';
import { listProcesses, type ProcessEntry, type ProcessId } from './process-table.js';

/** Milliseconds after which what was killed is left: a process stuck in a driver. */
export const KILL_WAIT_MS = 10_000;
/** Milliseconds between looks at whether what was signalled is gone. */
const POLL_MS = 20;

/** Processes that belong together: those that lead process groups of their own, and what they started. */
export interface Family {
  readonly leaders: readonly ProcessId[];
  /** Token in the environment of all of them. */
  readonly token: string;
}

/** Signals all that is alive of a family and returns how many processes that were. */
export function signalFamily(family: Family, signal: NodeJS.Signals): number {
  const table = listProcesses();
  const groups = groupsOf(family, table);
  // Where processes can't be listed, groups are all that is known.
  if (table.length === 0) return [...groups].filter((group) => kill(-group, signal)).length;
  const members = membersOf(family, table, groups).filter(({ alive }) => alive);
  // A group is signalled at once: what it forks meanwhile is signalled with it.
  for (const group of groups) if (members.some((member) => member.group === group)) kill(-group, signal);
  for (const { pid, group } of members) if (!groups.has(group)) kill(pid, signal);
  return members.length;
}

/** All processes of a family, as far as processes can be listed here. */
export function familyMembers(family: Family): readonly ProcessEntry[] {
  const table = listProcesses();
  return membersOf(family, table, groupsOf(family, table));
}

/** Signals all that is alive of a family again and again until nothing is; resolves after `ms` at the latest. */
export async function signalUntilGone(family: Family, signal: NodeJS.Signals, ms: number): Promise<void> {
  const deadline = performance.now() + ms;
  while (signalFamily(family, signal) > 0 && performance.now() < deadline) await delay(POLL_MS);
}

/** Ends what is left of a family: tells it to end, and after a grace makes it. */
export async function endFamily(family: Family, graceMs: number): Promise<void> {
  if (signalFamily(family, 'SIGTERM') === 0) return;
  // What was stopped (SIGSTOP) takes the signal only when it goes on.
  await signalUntilGone(family, 'SIGCONT', graceMs);
  await signalUntilGone(family, 'SIGKILL', KILL_WAIT_MS);
}

/** Whether anything of a process's own group is left. */
export function isGroupAlive(leader: ProcessId): boolean {
  const table = listProcesses();
  const groups = groupsOf({ leaders: [leader] }, table);
  return table.some(({ group, alive }) => alive && groups.has(group));
}

/**
 * Groups that the leaders still stand for. A number isn't given out again while a group has it; one that another process has
 * now is not ours any more.
 */
function groupsOf({ leaders }: Pick<Family, 'leaders'>, table: readonly ProcessEntry[]): ReadonlySet<number> {
  const starts = new Map(table.map(({ pid, start }) => [pid, start]));
  const ours = leaders.filter(({ pid, start }) => (starts.get(pid) ?? start) === start);
  return new Set(ours.map(({ pid }) => pid));
}

/** Members of the groups, all that has the token, and the descendants of both; never this process. */
function membersOf(
  { token }: Family,
  table: readonly ProcessEntry[],
  groups: ReadonlySet<number>,
): readonly ProcessEntry[] {
  const others = table.filter(({ pid }) => pid !== process.pid);
  const found = new Set<number>();
  for (const { pid, group } of others) if (groups.has(group) || isMarked(pid, token)) found.add(pid);
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const { pid, parent } of others) if (found.has(parent)) found.add(pid);
  }
  return others.filter(({ pid }) => found.has(pid));
}

/** Whether there was something to signal that is ours. */
function kill(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
