import type { IdRun } from './id-runs.js';
import type { Vocabulary } from './random.js';

/** A prompt of ids, and the length of its output. */
export interface IdItem {
  readonly runs: readonly IdRun[];
  readonly outputLen: number;
}

/** Many items as columns that threads share: a trace has hundreds of thousands of runs, which would take seconds to copy. */
export interface IdItems {
  readonly length: number;
  readonly starts: Uint32Array<SharedArrayBuffer>;
  readonly lengths: Uint32Array<SharedArrayBuffer>;
  /** One past each item's last run. */
  readonly ends: Uint32Array<SharedArrayBuffer>;
  readonly outputLens: Uint32Array<SharedArrayBuffer>;
}

export function packItems(items: readonly IdItem[]): IdItems {
  const count = items.reduce((sum, { runs }) => sum + runs.length, 0);
  const [starts, lengths] = [column(count), column(count)];
  const [ends, outputLens] = [column(items.length), column(items.length)];
  let at = 0;
  items.forEach(({ runs, outputLen }, i) => {
    for (const { start, length } of runs) {
      starts[at] = start;
      lengths[at++] = length;
    }
    ends[i] = at;
    outputLens[i] = outputLen;
  });
  return { length: items.length, starts, lengths, ends, outputLens };
}

/** @throws {RangeError} when there is no such item. */
export function itemAt({ length, starts, lengths, ends, outputLens }: IdItems, index: number): IdItem {
  const end = ends[index];
  if (end === undefined) throw new RangeError(`no prompt ${index} of ${length}`);
  const first = index === 0 ? 0 : (ends[index - 1] ?? 0);
  const runs = Array.from({ length: end - first }, (_, i) => ({
    start: starts[first + i] ?? 0,
    length: lengths[first + i] ?? 0,
  }));
  return { runs, outputLen: outputLens[index] ?? 1 };
}

function column(length: number): Uint32Array<SharedArrayBuffer> {
  return new Uint32Array(new SharedArrayBuffer(4 * length));
}

/** Prompts of consecutive ids: each is described by a few numbers, and its JSON is made when it is sent. */
export interface IdRunSet {
  readonly kind: 'id-runs';
  readonly vocabulary: Vocabulary;
  /** Ids at the start of every prompt. */
  readonly prefix?: readonly number[];
  readonly items: IdItems;
}
