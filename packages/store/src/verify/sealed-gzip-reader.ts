import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';
import { messageOf, SweeplineError } from '@sweepline/core';
import {
  Checksum,
  digestOfPart,
  GZIP_HEADER,
  GZIP_TRAILER,
  gzipHeader,
  gzipTrailer,
} from '../bundle/sealed-gzip.js';
import type { Change } from './change.js';

/** Most bytes per compressed byte. Records and telemetry have about 10; deflate can reach 1,032. */
const MOST_EXPANSION = 300;
/** Bytes that may come of any file, however small. */
const ALWAYS_ALLOWED = 2 ** 20;

/** Content of a sealed gzip file, while it is checked. */
export interface SealedContent {
  readonly content: AsyncIterable<Buffer>;
  /** What is wrong with the container, once the content has ended. */
  readonly problems: () => readonly Change[];
}

/** @throws {SweeplineError} RESULT_READ_FAILED when the file can't be read, or is no bundle */
export async function readSealedGzip(path: string): Promise<SealedContent> {
  const { size, header, trailer } = await endsOf(path);
  const seal = gzipHeader(await digestOfPart(path, GZIP_HEADER, size - GZIP_TRAILER));
  const problems: Change[] = [];
  if (!header.equals(seal))
    problems.push({
      what: 'the compressed data',
      problem: 'is not as it was written: its digest is not that in the header of the file',
    });
  return { content: inflated({ path, size, trailer }, problems), problems: () => problems };
}

async function endsOf(path: string) {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const header = Buffer.alloc(GZIP_HEADER);
      const trailer = Buffer.alloc(GZIP_TRAILER);
      await file.read(header, 0, GZIP_HEADER, 0);
      if (size < GZIP_HEADER + GZIP_TRAILER) throw new Error('it is too short for a bundle');
      if (header.readUInt16BE() !== 0x1f8b)
        throw new Error('it is no bundle: it does not begin as a gzip file');
      await file.read(trailer, 0, GZIP_TRAILER, size - GZIP_TRAILER);
      return { size, header, trailer };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new SweeplineError('RESULT_READ_FAILED', `can't read ${path}: ${messageOf(cause)}`, { cause });
  }
}

async function* inflated(
  { path, size, trailer }: { readonly path: string; readonly size: number; readonly trailer: Buffer },
  problems: Change[],
): AsyncIterable<Buffer> {
  const end = size - GZIP_TRAILER;
  const limit = ALWAYS_ALLOWED + MOST_EXPANSION * size;
  const checksum = new Checksum();
  const inflate = createInflateRaw();
  const source = createReadStream(path, { start: GZIP_HEADER, end: end - 1 });
  source.on('error', (error) => inflate.destroy(error));
  try {
    for await (const chunk of source.pipe(inflate) as AsyncIterable<Buffer>) {
      checksum.add(chunk);
      if (checksum.bytes > limit) {
        problems.push({
          what: 'the compressed data',
          problem: `expands to more than ${MOST_EXPANSION} times its size`,
        });
        return;
      }
      yield chunk;
    }
  } catch (error) {
    problems.push({
      what: 'the compressed data',
      problem: `can't be read after ${checksum.bytes} bytes of content: ${messageOf(error)}`,
    });
    return;
  } finally {
    source.destroy();
    inflate.destroy();
  }
  const unread = end - GZIP_HEADER - inflate.bytesWritten;
  if (unread > 0)
    problems.push({ what: 'the compressed data', problem: `has ${unread} more bytes after its end` });
  if (!trailer.equals(gzipTrailer(checksum.crc, checksum.bytes)))
    problems.push({
      what: 'the last 8 bytes of the file',
      problem: 'are not the checksum and size of its content',
    });
}
