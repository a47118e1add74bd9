import { SweeplineError, messageOf, ERROR_CODES, type ErrorCode } from '../errors.js';
import type { Executor, ProcessHandle } from '../plugin/node.js';
import { parseLoadEvent, type LoadEvent, type LoadProgress } from './progress.js';
import type { RunRecord } from './record.js';
import { decodeRunRecord } from './read-records.js';
import type { LoadSpec } from './spec.js';

/** Milliseconds a load process has to write its footer when it is told to end. */
const STOP_GRACE_MS = 5_000;

export interface LoadProcessOptions {
  /** Argv that starts a load process, without its spec. */
  readonly command: readonly string[];
  /** Where the spec is put on the executor's node. */
  readonly specFile: string;
  readonly onProgress: (progress: LoadProgress) => void;
}

/**
 * Runs a load as a process of its own on a node and reads its records back.
 * @throws {SweeplineError} what the process reported, LOAD_FAILED when it ended without a word, INTERRUPTED.
 */
export async function runLoadProcess(
  spec: LoadSpec,
  executor: Executor,
  options: LoadProcessOptions,
  signal: AbortSignal,
): Promise<RunRecord> {
  await executor.put(options.specFile, new TextEncoder().encode(`${JSON.stringify(spec, undefined, 2)}\n`));
  const child = await executor.spawn({ argv: [...options.command, options.specFile] }, signal);
  const stop = (): void => void child.stop(STOP_GRACE_MS);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    await follow(child, options.onProgress, signal);
  } finally {
    signal.removeEventListener('abort', stop);
    await child.stop(STOP_GRACE_MS);
  }
  return readRecords(spec, executor);
}

/** Reads events until the process ends; it must have said `end`. */
async function follow(
  child: ProcessHandle,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  let last: LoadEvent | undefined;
  for await (const line of child.lines()) {
    const event = parseLoadEvent(line);
    if (event === undefined) continue;
    if (event.type === 'progress') onProgress(event);
    else last = event;
  }
  const exit = await child.exited;
  if (signal.aborted) throw new SweeplineError('INTERRUPTED', 'the load was stopped');
  if (last?.type === 'error') throw reported(last);
  if (last?.type === 'end' && exit.code === 0) return;
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

async function readRecords(spec: LoadSpec, executor: Executor): Promise<RunRecord> {
  try {
    return decodeRunRecord(await executor.get(spec.output.recordsFile));
  } catch (cause) {
    throw new SweeplineError('LOAD_FAILED', `can't read the records: ${messageOf(cause)}`, { cause });
  }
}
