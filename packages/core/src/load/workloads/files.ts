import { open, type FileHandle } from 'node:fs/promises';
import type { z } from 'zod';
import { SweeplineError, messageOf } from '../../errors.js';
import { ElementScanner, type Place } from './element-scanner.js';

/** A line of a file and its number, from 1. */
export interface Line {
  readonly text: string;
  readonly number: number;
}

/**
 * The lines of a file that have something in them, one after the other: traces don't fit memory.
 * @throws {SweeplineError} WORKLOAD_INVALID when it can't be read.
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  let number = 0;
  try {
    await using handle = await open(file);
    if (!(await handle.stat()).isFile()) throw new Error('it is no file');
    for await (const text of handle.readLines({ autoClose: false })) {
      number++;
      if (text.trim() !== '') yield { text, number };
    }
  } catch (cause) {
    throw cause instanceof SweeplineError ? cause : unreadable(file, cause);
  }
}

/** A file with a JSON array of objects: data sets are longer than a string can be. */
export class ArrayFile {
  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
  ) {}

  /** @throws {SweeplineError} WORKLOAD_INVALID when it can't be read. */
  static async open(file: string): Promise<ArrayFile> {
    try {
      return new ArrayFile(file, await open(file));
    } catch (cause) {
      throw unreadable(file, cause);
    }
  }

  /** Where its elements are that fulfil a condition. */
  async places<S extends z.ZodType>(
    schema: S,
    isWanted: (element: z.output<S>) => boolean,
  ): Promise<Place[]> {
    const scanner = new ElementScanner();
    const places: Place[] = [];
    let held: Buffer = Buffer.alloc(0);
    for await (const chunk of this.chunks()) {
      const heldAt = scanner.position - held.length;
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      for (const place of scanner.feed(chunk)) {
        const text = bytes.toString('utf8', place.begin - heldAt, place.end - heldAt);
        if (isWanted(this.parse(text, schema, place))) places.push(place);
      }
      held = bytes.subarray((scanner.openAt ?? scanner.position) - heldAt);
    }
    if (scanner.isComplete) return places;
    throw unreadable(this.file, new Error('its end is missing'));
  }

  async read<S extends z.ZodType>(schema: S, place: Place): Promise<z.output<S>> {
    const bytes = Buffer.alloc(place.end - place.begin);
    await this.handle.read(bytes, 0, bytes.length, place.begin);
    return this.parse(bytes.toString(), schema, place);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.handle.close();
  }

  private async *chunks(): AsyncGenerator<Buffer> {
    try {
      const options = { highWaterMark: 2 ** 20, autoClose: false, start: 0 };
      for await (const chunk of this.handle.createReadStream(options)) yield chunk as Buffer;
    } catch (cause) {
      throw unreadable(this.file, cause);
    }
  }

  private parse<S extends z.ZodType>(text: string, schema: S, { line }: Place): z.output<S> {
    return parse(text, schema, { file: this.file, line });
  }
}

/** @throws {SweeplineError} WORKLOAD_INVALID with its place when it is not JSON, or not what the schema says. */
export function parse<S extends z.ZodType>(
  text: string,
  schema: S,
  where: { readonly file: string; readonly line?: number },
): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SweeplineError('WORKLOAD_INVALID', `not JSON: ${messageOf(cause)}`, { where, cause });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const key = issue?.path.join('.') ?? '';
  throw new SweeplineError('WORKLOAD_INVALID', `${key === '' ? '' : `${key}: `}${issue?.message ?? ''}`, {
    where: { ...where, ...(key !== '' && { key }) },
  });
}

function unreadable(file: string, cause: unknown): SweeplineError {
  return new SweeplineError('WORKLOAD_INVALID', `can't read the data set: ${messageOf(cause)}`, {
    where: { file },
    cause,
  });
}
