import { writeSync } from 'node:fs';
import type { Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { EXIT } from '../errors.js';
import { LIMIT_VARIABLE } from '../watch/limits.js';
import { Whiteboard } from '../watch/whiteboard.js';
import { closeRun } from '../results/close-run.js';
import type { WatchdogData, WatchdogMessage } from './watchdog.js';

/*
 * The watchdog's thread. The main thread's event loop may block for long because core computes. The debugger can interrupt the thread and
 * show its stack; only code of a plugin ends the process.
 */

const POLL_MS = 500;
/** Pure calls have a limit of their own; what runs past this one can't be ended otherwise. */
const PURE_MARGIN_MS = 3_000;
/** Milliseconds in which a thread that runs JavaScript answers; a thread that doesn't is in a system call. */
const ANSWER_MS = 3_000;
const KILL_AFTER_MS = 2_000;

const { memory, blockedS } = workerData as WatchdogData;
const board = new Whiteboard(memory);
let folders: Readonly<Record<string, string>> = {};
let runs: readonly string[] = [];
let beats = -1;
let silentMs = 0;

parentPort?.on('message', (message: WatchdogMessage) => {
  if ('folders' in message) folders = message.folders;
  else runs = message.runs;
});

setInterval(() => {
  // Counted in polls, because a machine that sleeps or a stopped process is not a silent one.
  silentMs = board.beats === beats ? silentMs + POLL_MS : 0;
  beats = board.beats;
  if (silentMs < blockedS * 1000 || Date.now() < board.pureUntil + PURE_MARGIN_MS) return;
  silentMs = 0;
  void look();
}, POLL_MS);

async function look(): Promise<void> {
  const { Session, url } = await import('node:inspector');
  // Somebody debugs this process: it stands still on purpose.
  if (url() !== undefined) return;
  const session = new Session();
  session.connectToMainThread();
  const frames = await framesOf(session);
  const culprit = frames === undefined ? waitingCall() : culpritIn(frames);
  if (culprit === undefined) {
    session.post('Debugger.resume', () => session.disconnect());
    return;
  }
  endProcess(session, culprit);
}

interface Frame {
  readonly url: string;
  readonly line: number;
}

/** The main thread's stack, innermost frame first; undefined if it runs no JavaScript. */
function framesOf(session: Session): Promise<readonly Frame[] | undefined> {
  const urls = new Map<string, string>();
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), ANSWER_MS);
    session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
    session.once('Debugger.paused', ({ params }) =>
      resolve(
        params.callFrames.map(({ location }) => ({
          url: urls.get(location.scriptId) ?? '',
          line: location.lineNumber + 1,
        })),
      ),
    );
    session.post('Debugger.enable');
    session.post('Debugger.pause');
  });
}

interface Culprit {
  readonly what: string;
  readonly package: string;
}

function culpritIn(frames: readonly Frame[]): Culprit | undefined {
  for (const { url, line } of frames) {
    const owner = Object.entries(folders).find(([, folder]) => url.startsWith(folder))?.[0];
    if (owner === undefined) continue;
    const place = `${fileURLToPath(url)}:${line}`;
    return { what: `code of ${owner} (at ${place})`, package: owner };
  }
  return undefined;
}

/** A call of a plugin that waits in a system call, for example for a child process. */
function waitingCall(): Culprit | undefined {
  return board.calls === '' ? undefined : { what: board.calls, package: 'the plugin' };
}

function endProcess(session: Session, { what, package: owner }: Culprit): void {
  const reason = `${what} blocked the process for ${blockedS} s`;
  const hint = `Finished points are kept. Report this to the authors of ${owner}; ${LIMIT_VARIABLE}=<seconds> in the environment allows more time.`;
  writeSync(2, `\nPLUGIN_TIMEOUT: ${reason}\n  → ${hint}\n`);
  for (const file of runs) closeRun(file, { state: 'failed', reason });
  session.post('Debugger.resume');
  // Without stderr, to which Node would write that it waits for a debugger.
  const expression = `process.getBuiltinModule('node:fs').closeSync(2); process.reallyExit(${EXIT.plugin})`;
  session.post('Runtime.evaluate', { expression });
  // A thread in a system call doesn't get this; then the exit code can't be chosen.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), KILL_AFTER_MS);
}
