import { setTimeout as delay } from 'node:timers/promises';
import type { ByteRange } from '../plugin/node.js';

/** Milliseconds between two looks: soon after something came, and longer and longer while nothing does. */
const SOON_MS = 50;
const LATE_MS = 500;
const PIECE_BYTES = 256 * 1024;

/** Follows a growing file by reading what is new of it from time to time; for launchers that have nothing better. */
export async function* followByReading(
  read: (range: ByteRange) => Promise<Uint8Array>,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  let from = 0;
  let pauseMs = SOON_MS;
  while (!signal.aborted) {
    const piece = await read({ from, length: PIECE_BYTES }).catch(() => new Uint8Array());
    from += piece.length;
    if (piece.length > 0) yield piece;
    if (piece.length === PIECE_BYTES) continue;
    pauseMs = piece.length > 0 ? SOON_MS : Math.min(LATE_MS, 2 * pauseMs);
    await delay(pauseMs, undefined, { signal }).catch(() => {}); // aborted: the loop ends
  }
}
