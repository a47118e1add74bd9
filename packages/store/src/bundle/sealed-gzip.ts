import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';
import { writeWhole } from '../write-whole.js';

/*
 * A gzip file (RFC 1952) whose comment is the SHA-256 of its compressed data: some bits of deflate are read by nobody, and would
 * otherwise be free to change.
 */

const START = Buffer.from([0x1f, 0x8b, 8, 0x10, 0, 0, 0, 0, 0, 255]);
const LABEL = 'sha256=';
export const GZIP_HEADER = START.length + LABEL.length + 64 + 1;
export const GZIP_TRAILER = 8;

export function gzipHeader(digest: string): Buffer {
  return Buffer.concat([START, Buffer.from(`${LABEL}${digest}\0`, 'latin1')]);
}

/** @param crc CRC-32 of the content @param bytes its length */
export function gzipTrailer(crc: number, bytes: number): Buffer {
  const trailer = Buffer.alloc(GZIP_TRAILER);
  trailer.writeUInt32LE(crc);
  trailer.writeUInt32LE(bytes % 2 ** 32, 4);
  return trailer;
}

/** Counts what passes. */
export class Checksum {
  crc = 0;
  bytes = 0;

  add(chunk: Buffer): void {
    this.crc = crc32(chunk, this.crc);
    this.bytes += chunk.length;
  }
}

/** Writes a file that is there when it is whole, or not at all. */
export async function writeSealedGzip(
  path: string,
  content: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, async (temporary) => {
    const file = await open(temporary, 'wx');
    await fill(file, content, signal).finally(() => file.close());
  });
}

async function fill(file: FileHandle, content: AsyncIterable<Buffer>, signal: AbortSignal): Promise<void> {
  const checksum = new Checksum();
  const hash = createHash('sha256');
  let at = GZIP_HEADER;
  const write = async (bytes: Buffer): Promise<void> => {
    await file.write(bytes, 0, bytes.length, at);
    at += bytes.length;
  };
  await pipeline(
    Readable.from(counted(content, checksum), { objectMode: false }),
    createDeflateRaw(),
    async (compressed: AsyncIterable<Buffer>) => {
      for await (const chunk of compressed) {
        hash.update(chunk);
        await write(chunk);
      }
    },
    { signal },
  );
  await write(gzipTrailer(checksum.crc, checksum.bytes));
  await file.write(gzipHeader(hash.digest('hex')), 0, GZIP_HEADER, 0);
}

async function* counted(content: AsyncIterable<Buffer>, checksum: Checksum): AsyncIterable<Buffer> {
  for await (const chunk of content) {
    checksum.add(chunk);
    yield chunk;
  }
}

/** SHA-256 of the bytes of a file from `start` to `end`, which is not included. */
export async function digestOfPart(path: string, start: number, end: number): Promise<string> {
  const hash = createHash('sha256');
  if (end > start)
    for await (const chunk of createReadStream(path, { start, end: end - 1 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
