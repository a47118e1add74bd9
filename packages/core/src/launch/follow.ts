import { setTimeout as delay } from 'node:timers/promises';
import type { ByteRange } from '../plugin/node.js';

const EVERY_MS = 50;
const PIECE_BYTES = 256 * 1024;

/** Follows a growing file by reading what is new of it from time to time; for launchers that have nothing better. */
export async function* followByReading(
  read: (range: ByteRange) => Promise<Uint8Array>,
  signal: AbortSignal,
  everyMs = EVERY_MS,
): AsyncIterable<Uint8Array> {
  let from = 0;
  while (!signal.aborted) {
    const piece = await read({ from, length: PIECE_BYTES }).catch(() => new Uint8Array());
    from += piece.length;
    if (piece.length > 0) yield piece;
    if (piece.length === PIECE_BYTES) continue;
    await delay(everyMs, undefined, { signal }).catch(() => {}); // aborted: the loop ends
  }
}
