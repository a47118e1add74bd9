import { posix } from 'node:path';
import { z } from 'zod';
import type { Executor } from '../../plugin/node.js';

/** A header begins with its own length, 8 bytes, and has at most 100 MB (safetensors, src/tensor.rs). */
const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 100_000_000;
/** Files that are read at once: a network's file system answers each after some milliseconds. */
const AT_ONCE = 8;

const tensorSchema = z.looseObject({ data_offsets: z.tuple([z.number(), z.number()]) });

/**
 * Files of weights that are longer or shorter than their headers say. The sum that the model's index has (`total_size`) is no help:
 * many published ones are of another format of the weights.
 */
export async function wrongSizes(
  executor: Executor,
  folder: string,
  files: ReadonlyMap<string, number>,
): Promise<readonly string[]> {
  const left = [...files].filter(([file]) => file.endsWith('.safetensors'));
  const wrong: string[] = [];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [file, size] = next;
      const expected = await expectedSize(executor, posix.join(folder, file)).catch(
        () => 'unreadable' as const,
      );
      // What only the server's user can read is its to look at.
      if (expected === 'unreadable' || expected === size) continue;
      wrong.push(`${file} (${size} bytes, its header says ${expected ?? 'nothing'})`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return wrong.sort();
}

/** Bytes of a whole file: the header's length, the header, and the data up to the end of the last tensor. */
async function expectedSize(executor: Executor, path: string): Promise<number | undefined> {
  const start = Buffer.from(await executor.read(path, { from: 0, length: LENGTH_BYTES }));
  if (start.length < LENGTH_BYTES) return undefined;
  const length = Number(start.readBigUInt64LE());
  if (length > MAX_HEADER_BYTES) return undefined;
  const header = Buffer.from(await executor.read(path, { from: LENGTH_BYTES, length })).toString();
  try {
    const { __metadata__: _, ...tensors } = JSON.parse(header) as Readonly<Record<string, unknown>>;
    const ends = Object.values(tensors).map((tensor) => tensorSchema.parse(tensor).data_offsets[1]);
    return LENGTH_BYTES + length + ends.reduce((most, end) => Math.max(most, end), 0);
  } catch {
    return undefined;
  }
}
