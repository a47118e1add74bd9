import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process for good: a number alone is given to others once it has ended. */
export interface ProcessId {
  readonly pid: number;
  /** When it started, in the system's own words: clock ticks since boot on Linux. */
  readonly start: string;
}

export function formatProcessId({ pid, start }: ProcessId): string {
  return `${pid} ${start}`;
}

export function parseProcessId(text: string): ProcessId {
  const [pid, ...start] = text.split(' ');
  return { pid: Number(pid), start: start.join(' ') };
}

export interface ProcessEntry extends ProcessId {
  readonly parent: number;
  readonly group: number;
  /** Whether it still runs: what has ended stays in the table until its parent asks for its exit code. */
  readonly alive: boolean;
}

/** All processes of this machine that can be seen; none where there is neither /proc nor `ps`. */
export function listProcesses(): readonly ProcessEntry[] {
  return pidsOfProc()?.flatMap((pid) => fromProc(pid) ?? []) ?? fromPs('-A');
}

/** A process by its number, or undefined when there is none. */
export function findProcess(pid: number): ProcessEntry | undefined {
  return pidsOfProc() === undefined ? fromPs('-p', String(pid))[0] : fromProc(pid);
}

function pidsOfProc(): readonly number[] | undefined {
  try {
    const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
    return pids.length === 0 ? undefined : pids;
  } catch {
    return undefined;
  }
}

function fromProc(pid: number): ProcessEntry | undefined {
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined; // It has ended meanwhile.
  }
}

/** Source: proc_pid_stat(5). The name, in parentheses, may itself hold parentheses and blanks. */
function parseStat(pid: number, stat: string): ProcessEntry {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // From the third field on.
  const field = (number: number): string => fields[number - 3] ?? '';
  const isDead = field(3) === 'X' || (field(3) === 'Z' && Number(field(20)) <= 1);
  return {
    pid,
    parent: Number(field(4)),
    group: Number(field(5)),
    start: field(22),
    alive: !isDead,
  };
}

/** For systems without /proc: macOS, BSD. */
function fromPs(...which: readonly string[]): readonly ProcessEntry[] {
  try {
    const columns = 'pid=,ppid=,pgid=,stat=,lstart=';
    const listed = execFileSync('ps', [...which, '-o', columns], { encoding: 'utf8', stdio: 'pipe' });
    return listed
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(parsePsLine);
  } catch {
    return [];
  }
}

function parsePsLine(line: string): ProcessEntry {
  const [pid, parent, group, state = '', ...start] = line.trim().split(/\s+/);
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    start: start.join(' '),
    alive: !state.startsWith('Z'),
  };
}
