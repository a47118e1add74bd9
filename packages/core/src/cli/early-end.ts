import { writeSync } from 'node:fs';
import { EXIT, SweeplineError, formatError } from '../errors.js';
import { describePending } from '../watch/call.js';
import { outsideOfCalls } from '../watch/outside-of-calls.js';
import { packageIn } from '../watch/packages.js';
import { closeRun, type Ending } from '../results/close-run.js';
import { createWatchdog } from './watchdog.js';

/**
 * Milliseconds in which a second signal counts as the first one again: npm and nx pass on what the terminal has already sent to every
 * process.
 */
const SECOND_AFTER_MS = 500;
/** The most milliseconds that leftovers of a command (a plugin's timer, an open socket) may keep the process alive. */
const LINGER_MS = 2_000;

export interface EarlyEnd {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Acts like a first signal; does nothing if there was one. */
  readonly stop: () => void;
  /** Sets the run whose `run.json` is closed if the process ends early; the returned function clears it. */
  readonly holdRun: (file: string) => () => void;
  /** Called when the command has ended by itself. */
  readonly finish: (exitCode: number) => void;
}

/**
 * Makes sure that the process never ends silently, with a meaningless exit code, or with a run that stays "running" forever. Covers errors
 * that plugins throw outside of calls, promises that never settle, plugins that exit, and the second signal.
 */
export function watchProcess(onStop: () => void): EarlyEnd {
  const watchdog = createWatchdog();
  const interrupt = new AbortController();
  const runs = new Set<string>();
  let finished: number | undefined;
  const closeRuns = (ending: Ending): void => {
    for (const file of runs) closeRun(file, ending);
    runs.clear();
  };
  const die = (error: SweeplineError): void => {
    say(formatError(error));
    closeRuns({ state: 'failed', reason: error.message });
    finished = error.exitCode;
    process.exit(error.exitCode);
  };
  const stop = onSignals(interrupt, onStop, (signal) => {
    say(`ended by a second ${signal}; finished points are kept`);
    closeRuns({ state: 'interrupted', reason: `ended by a second ${signal}` });
    finished = EXIT.interrupted;
    process.exit(EXIT.interrupted);
  });
  process.on('uncaughtException', (thrown) => die(outsideOfCalls('threw', thrown)));
  process.on('unhandledRejection', (thrown) => die(outsideOfCalls('left a promise rejected', thrown)));
  const exiter = watchExit();
  process.on('exit', (code) => {
    if (finished !== undefined) {
      process.exitCode = finished;
      return;
    }
    const error = endedEarly(code, exiter());
    say(formatError(error));
    closeRuns({ state: 'failed', reason: error.message });
    process.exitCode = error.exitCode;
  });
  return {
    signal: interrupt.signal,
    stop,
    holdRun(file) {
      runs.add(file);
      watchdog.watchRuns([...runs]);
      return () => {
        runs.delete(file);
        watchdog.watchRuns([...runs]);
      };
    },
    finish(exitCode) {
      finished = exitCode;
      process.exitCode = exitCode;
      setTimeout(() => process.exit(exitCode), LINGER_MS).unref();
    },
  };
}

/** Returns the handler of the first signal. */
function onSignals(
  interrupt: AbortController,
  first: () => void,
  second: (signal: string) => void,
): () => void {
  let stoppedAt: number | undefined;
  const stop = (): void => {
    if (stoppedAt !== undefined) return;
    stoppedAt = performance.now();
    first();
    interrupt.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stoppedAt === undefined) stop();
      else if (performance.now() - stoppedAt > SECOND_AFTER_MS) second(signal);
    });
  }
  return stop;
}

/** Records who calls `process.exit`; the returned function gives the stack of that call, if there was one. */
function watchExit(): () => string | undefined {
  const exit = process.exit.bind(process);
  let stack: string | undefined;
  process.exit = (code) => {
    stack ??= new Error('process.exit was called').stack;
    return exit(code);
  };
  return () => stack;
}

/** Handles the end of the process before the end of the command. */
function endedEarly(code: number, exitStack: string | undefined): SweeplineError {
  const waited = describePending();
  const owner = packageIn(exitStack);
  const what =
    exitStack === undefined
      ? 'nothing is left that could finish what the command waits for'
      : `${owner === undefined ? 'something' : `code of ${owner}`} ended the process with code ${code}`;
  const isPlugins = owner !== undefined || waited !== '';
  return new SweeplineError(
    isPlugins ? 'PLUGIN_THREW' : 'INTERNAL',
    `${what}${waited === '' ? '' : `; under way: ${waited}`}`,
    {
      hint: isPlugins
        ? `Report this to the authors of ${owner ?? 'the plugin'}.`
        : 'This is a defect in Sweepline: please report it.',
    },
  );
}

/** Runs even while the process exits. */
function say(text: string): void {
  try {
    writeSync(2, `${text}\n`);
  } catch {
    // Nobody reads it any more.
  }
}
