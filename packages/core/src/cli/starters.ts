import { readFileSync } from 'node:fs';
import { MARKER } from '../launch/marker.js';
import { findProcess, type ProcessEntry } from '../launch/process-table.js';

/** Milliseconds between two looks. */
const EVERY_MS = 500;
/** What npm (and npx) and nx set for all that they start. */
const MARKS = ['npm_command', 'NX_TASK_TARGET_TARGET'];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Calls back once should npx, npm or nx, which this process was started by, end before it. They hand signals on only in part (npm
 * none for a closed terminal, neither any when they are killed), and what they started would go on measuring, unseen. Other parents may
 * end as they like: a shell that is closed after `nohup`.
 */
export function watchStarters(env: Environment, onEnded: () => void): void {
  // What Sweepline has started itself is ended by Sweepline.
  if (!MARKS.some((name) => name in env) || MARKER in env) return;
  const [parent, ...above] = startersOf(process.ppid);
  if (parent === undefined) return;
  const timer = setInterval(() => {
    if (process.ppid === parent.pid && above.every(isStillThere)) return;
    clearInterval(timer);
    onEnded();
  }, EVERY_MS);
  timer.unref();
}

/** A process and those above it, up to the one that was not started by npm or nx itself, which is the last. */
function startersOf(pid: number): readonly ProcessEntry[] {
  const found = pid > 1 ? findProcess(pid) : undefined;
  if (found === undefined) return [];
  return isStartedByThem(pid) ? [found, ...startersOf(found.parent)] : [found];
}

function isStillThere({ pid, start }: ProcessEntry): boolean {
  const now = findProcess(pid);
  return now !== undefined && now.alive && now.start === start;
}

/** Not known where there is no /proc: the parent alone is watched then. */
function isStartedByThem(pid: number): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    return environment.some((entry) => MARKS.some((name) => entry.startsWith(`${name}=`)));
  } catch {
    return false;
  }
}
