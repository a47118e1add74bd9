import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { messageOf, SweeplineError } from '../errors.js';
import type { GoldenServer } from './golden/golden-server.js';
import { decodeGoldenLog, encodeGoldenLog, mergeGoldenLogs, type GoldenLog } from './golden/log.js';
import { ID_DIGITS } from './golden/text.js';

/** Answers that a process numbers before it reaches the numbers of the next process. */
const ORDINALS_EACH = 1_000_000;
/** More would not fit into the digits of an answer's number. */
export const MOST_PROCESSES = 10 ** ID_DIGITS / ORDINALS_EACH;

export interface ServerIo {
  readonly onListening: (url: string) => void;
  /** Resolves when the server must end. */
  readonly stopped: Promise<void>;
  /** File for the log. */
  readonly log?: string;
}

/** Serves until it must end: in this process, or in several processes among which the system distributes connections. */
export function serveWith(
  processes: number,
  start: (firstOrdinal: number) => Promise<GoldenServer>,
  io: ServerIo,
): Promise<void> {
  if (cluster.worker !== undefined) return serveAsWorker(cluster.worker, start, io);
  return processes === 1 ? serveAlone(start, io) : serveByWorkers(processes, io);
}

async function serveAlone(
  start: (firstOrdinal: number) => Promise<GoldenServer>,
  io: ServerIo,
): Promise<void> {
  await using server = await start(0);
  io.onListening(server.url);
  await io.stopped;
  if (io.log !== undefined) await writeLog(io.log, server.log());
}

/** A message of a process to its parent: that it serves, or why it can't. */
type Told = { readonly url: string } | { readonly problem: string };

async function serveAsWorker(
  worker: Worker,
  start: (firstOrdinal: number) => Promise<GoldenServer>,
  io: ServerIo,
): Promise<void> {
  const index = worker.id - 1;
  try {
    await using server = await start(index * ORDINALS_EACH);
    worker.send({ url: server.url } satisfies Told);
    await Promise.race([io.stopped, once(worker, 'disconnect')]);
    if (io.log !== undefined) await writeLog(partOf(io.log, index), server.log());
  } catch (error) {
    worker.send({ problem: messageOf(error) } satisfies Told);
  } finally {
    // The process lives as long as it is connected.
    if (worker.isConnected()) worker.disconnect();
  }
}

async function serveByWorkers(processes: number, { onListening, stopped, log }: ServerIo): Promise<void> {
  const workers = Array.from({ length: processes }, () => cluster.fork());
  const ended = workers.map((worker) => once(worker, 'exit'));
  const failed = Promise.race(workers.map(failureOf));
  failed.catch(() => {}); // at the end all of them disconnect
  try {
    const [first] = await Promise.race([Promise.all(workers.map(urlOf)), failed]);
    if (first !== undefined) onListening(first);
    await Promise.race([stopped, failed]);
  } finally {
    for (const worker of workers) worker.process.kill('SIGTERM');
    await Promise.all(ended);
  }
  if (log !== undefined) await joinLogs(log, processes);
}

function urlOf(worker: Worker): Promise<string> {
  return new Promise((resolve) =>
    worker.on('message', (told: Told) => {
      if ('url' in told) resolve(told.url);
    }),
  );
}

function failureOf(worker: Worker): Promise<never> {
  return new Promise((_, reject) =>
    worker
      .on('message', (told: Told) => {
        if ('problem' in told) reject(new SweeplineError('SERVER_SPAWN_FAILED', told.problem));
      })
      .once('exit', () => reject(new SweeplineError('SERVER_DIED', 'a process of the golden server ended'))),
  );
}

function partOf(log: string, index: number): string {
  return `${log}.${index}`;
}

async function joinLogs(log: string, processes: number): Promise<void> {
  const files = Array.from({ length: processes }, (_, index) => partOf(log, index));
  const logs = await Promise.all(files.map(readLog));
  await writeLog(log, mergeGoldenLogs(logs as [GoldenLog, ...GoldenLog[]]));
  await Promise.all(files.map((file) => rm(file)));
}

/** The process itself has reported why it couldn't write its log. */
async function readLog(file: string): Promise<GoldenLog> {
  try {
    return decodeGoldenLog(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new SweeplineError('RESULT_WRITE_FAILED', `a process left no log: ${messageOf(cause)}`, {
      where: { file },
      cause,
    });
  }
}

async function writeLog(file: string, log: GoldenLog): Promise<void> {
  try {
    await pipeline(Readable.from(encodeGoldenLog(log)), createWriteStream(file));
  } catch (cause) {
    throw new SweeplineError('RESULT_WRITE_FAILED', messageOf(cause), { where: { file }, cause });
  }
}
