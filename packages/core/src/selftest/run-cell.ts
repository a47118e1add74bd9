import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, SweeplineError } from '../errors.js';
import { decodeGoldenLog, type GoldenLog } from './golden/log.js';
import type { RunRecord } from '../load/records/record.js';
import { runLoadProcess } from '../measure/run-process.js';
import type { Executor, ProcessHandle } from '../plugin/node.js';
import { specOf, type Cell } from './cell.js';

/** Ms that a server has to write its log. */
const LOG_MS = 30_000;

export interface CellContext {
  readonly executor: Executor;
  /** Argv that starts a load process; the spec is appended. */
  readonly loadCommand: readonly string[];
  /** Argv that starts a golden server; its options are appended. */
  readonly goldenServerCommand: readonly string[];
  /** A folder for the files of a cell. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** What the client recorded, and what the server did. */
export interface CellRun {
  readonly run: RunRecord;
  readonly log: GoldenLog;
}

/** Runs a cell with its own server and load process; both have ended when it returns. */
export async function runCell(cell: Cell, context: CellContext): Promise<CellRun> {
  const { executor, goldenServerCommand, loadCommand, folder, signal } = context;
  const logFile = join(folder, 'golden.jsonl');
  const answers = JSON.stringify(cell.server);
  const argv = [...goldenServerCommand, answers, '--log', logFile, '--processes', String(cell.servers)];
  const server = await executor.spawn({ argv }, signal);
  try {
    const spec = specOf(cell, await urlOf(server), join(folder, 'records.jsonl'));
    const run = await runLoadProcess(
      spec,
      executor,
      { command: loadCommand, specFile: join(folder, 'load.json'), onProgress: () => {} },
      signal,
    );
    await server.stop(LOG_MS);
    return { run, log: await readLog(logFile, server) };
  } finally {
    await server.stop(0);
  }
}

async function readLog(file: string, server: ProcessHandle): Promise<GoldenLog> {
  try {
    return decodeGoldenLog(await readFile(file, 'utf8'));
  } catch (cause) {
    const said = server.errorTail().trim() || messageOf(cause);
    throw new SweeplineError('SERVER_DIED', `the golden server left no log: ${said}`, { cause });
  }
}

/** The server's first line has its URL. */
async function urlOf(server: ProcessHandle): Promise<string> {
  const first = await server.lines()[Symbol.asyncIterator]().next();
  try {
    const { url } = JSON.parse(first.done === true ? '' : first.value) as { readonly url: string };
    return url;
  } catch (cause) {
    const said = server.errorTail().trim() || messageOf(cause);
    throw new SweeplineError('SERVER_SPAWN_FAILED', `the golden server didn't start: ${said}`, { cause });
  }
}
