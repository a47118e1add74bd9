import { readFile } from 'node:fs/promises';
import { diskFull } from '../launch/fitness/disk.js';
import { SweeplineError, messageOf, ERROR_CODES, type ErrorCode } from '../errors.js';
import { copyHome, putText } from '../launch/files.js';
import type { Executor, ProcessHandle } from '../plugin/node.js';
import { IDLE_LIMIT_S, SilenceWatch } from '../load/run/idle.js';
import { killedBecause, memoryState } from './memory-kills.js';
import { parseLoadEvent, type LoadEvent, type LoadProgress } from '../load/records/progress.js';
import type { RunRecord } from '../load/records/record.js';
import { decodeRunRecord } from '../load/records/read-records.js';
import type { LoadSpec } from '../load/spec/spec.js';

/** Seconds beyond the limit of the load's own in which a load process that isn't stopped has ended it. */
const SILENCE_GRACE_S = 5;
/** Milliseconds a load process has to write its footer when it is told to end. */
const STOP_GRACE_MS = 5_000;

export interface LoadProcessOptions {
  /** Argv that starts a load process, without its spec. */
  readonly command: readonly string[];
  /** Added to the node's environment: variables that the spec names. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the spec is put on the executor's node. */
  readonly specFile: string;
  /** Folder that it is started in; by default the node's. */
  readonly cwd?: string;
  /** File on this machine that the records are copied to, whatever came of them; without it the executor is this machine. */
  readonly recordsHome?: string;
  readonly onProgress: (progress: LoadProgress) => void;
  /** What a reader of the results should know although the load goes on. */
  readonly onWarning?: (message: string) => void;
}

/**
 * Runs a load as a process of its own on a node and reads its records back.
 * @throws {SweeplineError} what the process reported, LOAD_FAILED when it ended without a word, LOAD_IDLE when nothing was heard of it,
 * INTERRUPTED.
 */
export async function runLoadProcess(
  spec: LoadSpec,
  executor: Executor,
  options: LoadProcessOptions,
  signal: AbortSignal,
): Promise<RunRecord> {
  await putText(executor, options.specFile, formatSpec(spec));
  const memory = await memoryState(executor);
  const { cwd, env } = options;
  const argv = [...options.command, options.specFile];
  const child = await executor.spawn(
    { argv, ...(cwd !== undefined && { cwd }), ...(env !== undefined && { env }) },
    signal,
  );
  const stop = (): void => void child.stop(STOP_GRACE_MS);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    await endSilent(child, spec, (lines) => follow(child, lines, options, signal));
  } catch (error) {
    await bringHome(spec, executor, options).catch(() => {}); // there may be none yet
    const why = error instanceof Killed ? killed(killedBecause(memory, await memoryState(executor))) : error;
    throw placed(why, executor);
  } finally {
    signal.removeEventListener('abort', stop);
    await child.stop(STOP_GRACE_MS);
  }
  return readRecords(spec, executor, options);
}

/** A load process writes something every second: one of which nothing is heard is stopped, and is ended like a load without progress. */
async function endSilent(
  child: ProcessHandle,
  { timeouts }: LoadSpec,
  body: (lines: AsyncIterable<string>) => Promise<void>,
): Promise<void> {
  const limitS = (timeouts.idleS ?? IDLE_LIMIT_S) + SILENCE_GRACE_S;
  let isHeard = false;
  let silent: SweeplineError | undefined;
  const heard = (): boolean => {
    const was = isHeard;
    isHeard = false;
    return was;
  };
  const watch = new SilenceWatch(limitS, heard, (seconds) => {
    silent = new SweeplineError(
      'LOAD_IDLE',
      `the load process reported nothing for ${seconds.toFixed(0)} s: it was stopped, or its machine is overloaded`,
      { hint: 'Its records have the requests that ended before.' },
    );
    void child.stop(STOP_GRACE_MS);
  });
  const lines = async function* (): AsyncIterable<string> {
    for await (const line of child.lines()) {
      isHeard = true;
      yield line;
    }
  };
  try {
    await body(lines());
  } catch (error) {
    throw silent ?? error;
  } finally {
    watch.stop();
  }
}

/** Ended by SIGKILL, without a word. */
class Killed extends Error {}

function killed(why: string): SweeplineError {
  return new SweeplineError('LOAD_FAILED', `the load process was killed by SIGKILL: ${why}`, {
    hint: 'Give it more memory, or let it send fewer streams or shorter prompts.',
  });
}

/** What goes wrong on another machine says on which, and a full disk there is the machine's fault. */
function placed(error: unknown, { node: { name, isHere } }: Executor): unknown {
  if (!(error instanceof SweeplineError) || isHere) return error;
  const full =
    error.code === 'RESULT_WRITE_FAILED' ? diskFull(name, 'the load was ended', error.message) : undefined;
  return full ?? error.at({ node: name });
}

/** Reads events until the process ends; it must have said `end`. */
async function follow(
  child: ProcessHandle,
  lines: AsyncIterable<string>,
  { onProgress, onWarning }: LoadProcessOptions,
  signal: AbortSignal,
): Promise<void> {
  let last: LoadEvent | undefined;
  for await (const line of lines) {
    const event = parseLoadEvent(line);
    if (event === undefined) continue;
    if (event.type === 'progress') onProgress(event);
    else if (event.type === 'warning') onWarning?.(event.message);
    else last = event;
  }
  const exit = await child.exited;
  if (signal.aborted) throw new SweeplineError('INTERRUPTED', 'the load was stopped');
  if (last?.type === 'error') throw reported(last);
  if (last?.type === 'end' && exit.code === 0) return;
  if (exit.signal === 'SIGKILL') throw new Killed();
  const how = exit.signal === undefined ? `exited with code ${exit.code}` : `was killed by ${exit.signal}`;
  const said = child.errorTail().trim().split('\n').at(-1) ?? '';
  throw new SweeplineError('LOAD_FAILED', `the load process ${how}${said === '' ? '' : `: ${said}`}`);
}

function reported({ code, message, where, hint }: Extract<LoadEvent, { type: 'error' }>): SweeplineError {
  const known: ErrorCode = code in ERROR_CODES ? (code as ErrorCode) : 'LOAD_FAILED';
  return new SweeplineError(known, message, {
    ...(where !== undefined && { where }),
    ...(hint !== undefined && { hint }),
  });
}

/** A spec as a load process reads it. */
export function formatSpec(spec: LoadSpec): string {
  return `${JSON.stringify(spec, undefined, 2)}\n`;
}

async function bringHome(
  { output: { recordsFile } }: LoadSpec,
  executor: Executor,
  { recordsHome }: LoadProcessOptions,
): Promise<string> {
  if (recordsHome === undefined || recordsHome === recordsFile) return recordsFile;
  await copyHome(executor, recordsFile, recordsHome);
  return recordsHome;
}

async function readRecords(
  spec: LoadSpec,
  executor: Executor,
  options: LoadProcessOptions,
): Promise<RunRecord> {
  try {
    return decodeRunRecord(await readFile(await bringHome(spec, executor, options)));
  } catch (cause) {
    throw new SweeplineError('LOAD_FAILED', `can't read the records: ${messageOf(cause)}`, { cause });
  }
}
