import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { messageOf, SweeplineError } from '../errors.js';
import type { GoldenServer } from '../load/golden/golden-server.js';
import { decodeGoldenLog, encodeGoldenLog, mergeGoldenLogs, type GoldenLog } from '../load/golden/log.js';

/** Answers that a process numbers before it comes to the numbers of the next: 100 processes have room in eight digits. */
const ORDINALS_EACH = 1_000_000;

export interface ServerIo {
  readonly onListening: (url: string) => void;
  /** Resolves when the server is to end. */
  readonly stopped: Promise<void>;
  /** File for the log. */
  readonly log?: string;
}

/** Serves until it is to end: by itself, or by processes among which the system's connections are dealt round. */
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

async function serveAsWorker(
  worker: Worker,
  start: (firstOrdinal: number) => Promise<GoldenServer>,
  io: ServerIo,
): Promise<void> {
  const index = worker.id - 1;
  await using server = await start(index * ORDINALS_EACH);
  worker.send({ url: server.url });
  await Promise.race([io.stopped, once(worker, 'disconnect')]);
  if (io.log !== undefined) await writeLog(partOf(io.log, index), server.log());
  if (worker.isConnected()) worker.disconnect();
}

async function serveByWorkers(processes: number, { onListening, stopped, log }: ServerIo): Promise<void> {
  const workers = Array.from({ length: processes }, () => cluster.fork());
  const ended = workers.map((worker) => once(worker, 'exit'));
  const listening = workers.map(
    async (worker) => (await once(worker, 'message')) as [{ readonly url: string }],
  );
  const died = Promise.race(ended).then(() => {
    throw new SweeplineError('SERVER_DIED', 'a process of the golden server ended');
  });
  died.catch(() => {}); // at the end they all do
  const [[first]] = await Promise.race([
    Promise.all(listening) as Promise<[[{ readonly url: string }]]>,
    died,
  ]);
  onListening(first.url);
  await Promise.race([stopped, died]);
  for (const worker of workers) worker.process.kill('SIGTERM');
  await Promise.all(ended);
  if (log !== undefined) await joinLogs(log, processes);
}

function partOf(log: string, index: number): string {
  return `${log}.${index}`;
}

async function joinLogs(log: string, processes: number): Promise<void> {
  const files = Array.from({ length: processes }, (_, index) => partOf(log, index));
  const logs = await Promise.all(files.map(async (file) => decodeGoldenLog(await readFile(file, 'utf8'))));
  await writeLog(log, mergeGoldenLogs(logs as [GoldenLog, ...GoldenLog[]]));
  await Promise.all(files.map((file) => rm(file)));
}

async function writeLog(file: string, log: GoldenLog): Promise<void> {
  try {
    await pipeline(Readable.from(encodeGoldenLog(log)), createWriteStream(file));
  } catch (cause) {
    throw new SweeplineError('RESULT_WRITE_FAILED', messageOf(cause), { where: { file }, cause });
  }
}
