import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SweeplineError, messageOf } from '../errors.js';
import { makeFolder } from '../make-folder.js';
import type { ByteRange, Executor } from '../plugin/node.js';

/** Mode of what comes home: it may hold secrets until these are masked. */
const PRIVATE = 0o600;

/** Writes a text to a file on a node. @throws {SweeplineError} NODE_WRITE_FAILED, LEASE_LOST where the node is out of reach */
export function putText(executor: Executor, path: string, text: string): Promise<void> {
  return copyTo(executor, bytesOf(text), path);
}

/** Copies a file of this machine to a node. @throws {SweeplineError} NODE_WRITE_FAILED, LEASE_LOST where the node is out of reach */
export function copyThere(executor: Executor, from: string, path: string, mode?: number): Promise<void> {
  return copyTo(executor, createReadStream(from), path, mode);
}

async function copyTo(
  executor: Executor,
  content: AsyncIterable<Uint8Array>,
  path: string,
  mode?: number,
): Promise<void> {
  try {
    await executor.copyIn(content, path, mode);
  } catch (cause) {
    if (cause instanceof SweeplineError && cause.code === 'LEASE_LOST') throw cause;
    const message = `can't write ${path} on ${executor.node.name}: ${messageOf(cause)}`;
    throw new SweeplineError('NODE_WRITE_FAILED', message, {
      hint: 'Check the disk and the permissions on that node.',
      cause,
    });
  }
}

/** Copies a file of a node to this machine. What came of it before a failure stays; where nothing came, there is no file. */
export async function copyHome(executor: Executor, path: string, to: string): Promise<void> {
  await makeFolder(dirname(to));
  let file: FileHandle | undefined;
  try {
    for await (const piece of executor.copyOut(path)) {
      file ??= await open(to, 'w', PRIVATE);
      await file.writeFile(piece);
    }
    file ??= await open(to, 'w', PRIVATE); // an empty one
  } finally {
    await file?.close();
  }
}

/** A small file of a node, whole. */
export async function getText(executor: Executor, path: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of executor.copyOut(path)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/** A text as the content of a file. */
export async function* bytesOf(text: string): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

/** A part of a file of this machine. */
export async function readRange(path: string, { from, length }: ByteRange): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const begin = from < 0 ? Math.max(0, size + from) : from;
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - begin)));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, begin + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}
