import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { formatProcessId, type ProcessId } from './process-table.js';

const MAIN = fileURLToPath(new URL('guardian-main.js', import.meta.url));
/** Two, so that a kill of Sweepline together with one of them leaves nothing behind either. */
const WATCHERS = 2;
/** Times a watcher that has ended is started again. */
const RESTARTS = 5;
/** nx signals a tree of processes from its leaves upwards, and this process only once those have ended. */
const isOfNx = 'NX_TASK_TARGET_TARGET' in process.env;
/** What nx passes on. */
const STOPS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/** Ends processes that outlive Sweepline, should it be killed: not every server notices that its parent is gone. */
export interface Guardian {
  /** Entrusts the process group that a process leads. */
  watch(leader: ProcessId): void;
  /** Nothing is left of that group: its number may be another's soon. */
  ended(leader: ProcessId): void;
  /**
   * A command that ends what the session has outside of this machine's processes (a container, a job): it is run if Sweepline is
   * killed, after those before it. No secrets: it is in the guardian's memory alone, but on the command's own command line.
   */
  atDeath(argv: readonly string[]): void;
  /** All of the session has ended in order. With the last session the guardian ends as well, which is waited for. */
  close(): Promise<void>;
}

/**
 * Entrusts a session to the guardian: processes of its own that a Ctrl-C in the terminal doesn't reach, the same for all sessions that are
 * open. They find what belongs to a session by its token, too. One that ends is started again.
 * @param warn called when one was ended by others
 */
export function startGuardian(token: string, warn: (message: string) => void): Guardian {
  shared ??= createPair();
  const pair = shared;
  const own = pair.open(token, warn);
  return {
    watch: (process) => own.tell(`watch ${formatProcessId(process)}`),
    ended(process) {
      const leader = formatProcessId(process);
      if (own.forget(`watch ${leader}`)) own.pass(`ended ${leader}`);
    },
    atDeath: (argv) => own.tell(`run ${JSON.stringify(argv)}`),
    async close() {
      if (!own.close()) return;
      if (shared === pair) shared = undefined;
      await pair.close();
    },
  };
}

/** Of the sessions that are open. */
let shared: Pair | undefined;

/** The processes, and what they know of each session. */
interface Pair {
  open(token: string, warn: (message: string) => void): Entrusted;
  /** Resolves when they have ended. */
  close(): Promise<void>;
}

/** A session, as the processes know it. */
interface Entrusted {
  /** Also those that are started later are told. */
  tell(line: string): void;
  /** Tells those that are there. */
  pass(line: string): void;
  /** Whether it was told. */
  forget(line: string): boolean;
  /** Whether no session is left. */
  close(): boolean;
}

function createPair(): Pair {
  const sessions = new Map<
    string,
    { readonly lines: Set<string>; readonly warn: (message: string) => void }
  >();
  const all = (): readonly string[] =>
    [...sessions].flatMap(([token, { lines }]) => [...lines].map((line) => `${token} ${line}`));
  // All sessions are guarded by the same ones: one of them says so.
  const warn = (message: string): void => [...sessions.values()][0]?.warn(message);
  const watchers = Array.from({ length: WATCHERS }, () => createWatcher(all, warn));
  const pass = (line: string): void => {
    for (const watcher of watchers) watcher.tell(line);
  };
  return {
    open(token, own) {
      const lines = new Set<string>();
      sessions.set(token, { lines, warn: own });
      const tell = (line: string): void => {
        lines.add(line);
        pass(`${token} ${line}`);
      };
      tell('guard');
      return {
        tell,
        pass: (line) => pass(`${token} ${line}`),
        forget: (line) => lines.delete(line),
        close() {
          pass(`${token} over`);
          return sessions.delete(token) && sessions.size === 0;
        },
      };
    },
    async close() {
      await Promise.all(watchers.map((watcher) => watcher.close()));
    },
  };
}

interface Watcher {
  tell(line: string): void;
  close(): Promise<void>;
}

/** @param known all that it has to be told if it is started again */
function createWatcher(known: () => readonly string[], warn: (message: string) => void): Watcher {
  let restarts = 0;
  let closed: (() => void) | undefined;
  let child = start();

  function start(): ChildProcess {
    const started: ChildProcess = spawn(process.execPath, [MAIN], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // A failed spawn may have no stdin, and says so by an error alone.
    started.once('error', ({ message }) => ended(`can't be started: ${message}`));
    started.once('exit', (code, signal) => {
      // It was signalled before it could hand that on. The next one would be waited for.
      const stop = STOPS.find((one) => one === signal);
      if (isOfNx && stop !== undefined) process.kill(process.pid, stop);
      ended(`was ended (${signal ?? `exit code ${code}`})`);
    });
    started.stdin?.on('error', () => {}); // It has ended, which 'exit' says as well.
    started.unref();
    for (const line of known()) started.stdin?.write(`${line}\n`);
    return started;
  }

  function ended(how: string): void {
    if (closed !== undefined) {
      closed();
      return;
    }
    const again = restarts < RESTARTS;
    const now = again ? 'another was started' : 'servers may be left running if Sweepline is killed now';
    warn(`the guardian, which ends servers if Sweepline is killed, ${how}: ${now}`);
    restarts += 1;
    if (again) child = start();
  }

  return {
    tell: (line) => void child.stdin?.write(`${line}\n`),
    close() {
      const gone = new Promise<void>((resolve) => (closed = resolve));
      child.ref();
      child.stdin?.end('done\n');
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) closed?.();
      return gone;
    },
  };
}
