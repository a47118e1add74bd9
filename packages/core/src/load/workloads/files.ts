import { createHash } from 'node:crypto';
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { z } from 'zod';
import { SweeplineError, messageOf } from '../../errors.js';
import { ElementScanner, type Place } from './element-scanner.js';

const NEWLINE = 0x0a;
/**
 * Longest line or element, bytes: more than any model reads. If an end is missing, the rest of the file must not fill the memory.
 */
const LONGEST = 2 ** 24;

/** A position in a file. */
interface Where {
  readonly file: string;
  readonly line?: number;
  /** Path in the element, such as `5.conversations.0.value`: elements are counted from 0. */
  readonly key?: string;
}

/** A line of a file and its number, from 1. */
export interface Line {
  readonly text: string;
  readonly number: number;
}

/**
 * The non-empty lines of a file, one after the other: traces don't fit in memory.
 * @throws {SweeplineError} WORKLOAD_INVALID when it can't be read, or for a line that is too long.
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  await using handle = await openFile(file);
  let number = 1;
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of chunksOf(handle, file)) {
    const bytes = Buffer.concat([held, chunk]);
    let begin = 0;
    for (let end; (end = bytes.indexOf(NEWLINE, begin)) !== -1; begin = end + 1) {
      yield* filled(bytes.subarray(begin, end), number++);
    }
    held = bytes.subarray(begin);
    checkLength(held, { file, line: number });
  }
  yield* filled(held, number);
}

function* filled(bytes: Buffer, number: number): Generator<Line> {
  const text = bytes.toString();
  if (text.trim() !== '') yield { text, number };
}

/** The SHA-256 of a file, in hex. @throws {Error} when it can't be read. */
export async function digestOf(file: string): Promise<string> {
  await using handle = await openPlain(file);
  const hash = createHash('sha256');
  for await (const chunk of handle.createReadStream({ autoClose: false, start: 0 }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** A file with a JSON array of objects: data sets can be longer than the longest string. */
export class ArrayFile {
  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
  ) {}

  /** @throws {SweeplineError} WORKLOAD_INVALID when it can't be read. */
  static async open(file: string): Promise<ArrayFile> {
    return new ArrayFile(file, await openFile(file));
  }

  /**
   * Positions of the elements that fulfil a condition.
   * @throws {SweeplineError} WORKLOAD_INVALID when the file has another format, or its end is missing.
   */
  async places<S extends z.ZodType>(
    schema: S,
    isWanted: (element: z.output<S>) => boolean,
  ): Promise<Place[]> {
    const { file } = this;
    const scanner = new ElementScanner();
    const places: Place[] = [];
    let held: Buffer = Buffer.alloc(0);
    for await (const chunk of chunksOf(this.handle, file)) {
      const heldAt = scanner.position - held.length;
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      for (const place of scanner.feed(chunk)) {
        const text = bytes.toString('utf8', place.begin - heldAt, place.end - heldAt);
        if (isWanted(this.parse(text, schema, place))) places.push(place);
      }
      if (scanner.strayLine !== undefined) throw noArray({ file, line: scanner.strayLine });
      held = bytes.subarray((scanner.openAt ?? scanner.position) - heldAt);
      checkLength(held, { file, line: scanner.openLine, key: String(scanner.count) });
    }
    if (scanner.isComplete) return places;
    throw unreadable(file, new Error('its end is missing'));
  }

  async read<S extends z.ZodType>(schema: S, place: Place): Promise<z.output<S>> {
    const bytes = Buffer.alloc(place.end - place.begin);
    await this.handle.read(bytes, 0, bytes.length, place.begin);
    return this.parse(bytes.toString(), schema, place);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.handle.close();
  }

  private parse<S extends z.ZodType>(text: string, schema: S, { line, index }: Place): z.output<S> {
    return parse(text, schema, { file: this.file, line, key: String(index) });
  }
}

/** @throws {SweeplineError} WORKLOAD_INVALID with the position if it is not JSON or doesn't match the schema. */
export function parse<S extends z.ZodType>(text: string, schema: S, where: Where): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SweeplineError('WORKLOAD_INVALID', `not JSON: ${messageOf(cause)}`, { where, cause });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const key = [...(where.key === undefined ? [] : [where.key]), ...(issue?.path ?? [])].join('.');
  throw new SweeplineError('WORKLOAD_INVALID', `${key === '' ? '' : `${key}: `}${issue?.message ?? ''}`, {
    where: { ...where, ...(key !== '' && { key }) },
  });
}

/** The first non-blank character of the first kilobyte. @throws {SweeplineError} WORKLOAD_INVALID when it can't be read. */
export async function firstCharacterOf(file: string): Promise<string | undefined> {
  await using handle = await openFile(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(1024), 0, 1024, 0);
  return /[^\s\ufeff]/.exec(buffer.toString('utf8', 0, bytesRead))?.[0];
}

/** @throws {SweeplineError} WORKLOAD_INVALID when it can't be read. */
export async function assertReadable(file: string): Promise<void> {
  await using _ = await openFile(file);
}

/** @throws {SweeplineError} WORKLOAD_INVALID when it doesn't exist or is not a file. */
async function openFile(file: string): Promise<FileHandle> {
  try {
    return await openPlain(file);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

async function openPlain(file: string): Promise<FileHandle> {
  // Checked before opening: opening a pipe without a writer would block.
  if (!(await stat(file)).isFile()) throw new Error('it is not a file');
  return open(file);
}

async function* chunksOf(handle: FileHandle, file: string): AsyncGenerator<Buffer> {
  try {
    const options = { highWaterMark: 2 ** 20, autoClose: false, start: 0 };
    for await (const chunk of handle.createReadStream(options)) yield chunk as Buffer;
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function checkLength({ length }: Buffer, where: Where): void {
  if (length <= LONGEST) return;
  throw new SweeplineError(
    'WORKLOAD_INVALID',
    `this line or element is longer than ${LONGEST / 2 ** 20} MiB, or its end is missing`,
    { where },
  );
}

function noArray(where: Where): SweeplineError {
  return new SweeplineError('WORKLOAD_INVALID', 'expected a JSON array of objects, and nothing else', {
    where,
  });
}

function unreadable(file: string, cause: unknown): SweeplineError {
  return new SweeplineError('WORKLOAD_INVALID', `can't read the data set: ${messageOf(cause)}`, {
    where: { file },
    cause,
  });
}
