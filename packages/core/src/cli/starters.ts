import { readFileSync } from 'node:fs';
import { MARKER } from '../launch/marker.js';
import { findProcess, type ProcessEntry } from '../launch/process-table.js';

/** Milliseconds between two checks. */
const EVERY_MS = 500;
/** Variables that npm (and npx) and nx set for every process that they start. */
export const STARTER_MARKS = ['npm_command', 'NX_TASK_TARGET_TARGET'];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Calls back if npx, npm or nx started this process and ends before it. They pass on only some signals (npm not that of a closed terminal,
 * neither of them any when killed); without this check, the measurement would continue unseen. Other parents may end, such as a shell that
 * is closed after `nohup`.
 */
export function watchStarters(env: Environment, onEnded: () => void): void {
  // Sweepline itself ends the processes that it started.
  if (!STARTER_MARKS.some((name) => name in env) || MARKER in env) return;
  const [parent, ...above] = startersOf(process.ppid);
  if (parent === undefined) return;
  const timer = setInterval(() => {
    if (process.ppid === parent.pid && above.every(isStillThere)) return;
    clearInterval(timer);
    onEnded();
  }, EVERY_MS);
  timer.unref();
}

/** A process and its ancestors, up to and including the first one that npm or nx did not start. */
function startersOf(pid: number): readonly ProcessEntry[] {
  const found = pid > 1 ? findProcess(pid) : undefined;
  if (found === undefined) return [];
  return isStartedByThem(pid) ? [found, ...startersOf(found.parent)] : [found];
}

function isStillThere({ pid, start }: ProcessEntry): boolean {
  const now = findProcess(pid);
  return now !== undefined && now.alive && now.start === start;
}

/** Undefined without /proc; then only the parent is watched. */
function isStartedByThem(pid: number): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    return environment.some((entry) => STARTER_MARKS.some((name) => entry.startsWith(`${name}=`)));
  } catch {
    return false;
  }
}
