import type { Executor } from '../plugin/node.js';

const EVERY_MS = 1000;
/** Bytes that are read at a time, and pieces of a look: a log that grows faster is followed with a delay. */
const PIECE_BYTES = 256 * 1024;
const MOST_PIECES = 16;
/** Bytes of a moment that are looked at. */
const MOMENT_BYTES = 64 * 1024;

/** How long a log was at some time, bytes. */
interface Mark {
  readonly unixMs: number;
  readonly bytes: number;
}

/** Follows how a log grows, so that what was written at some time can be found in it, whether its lines have times or not. */
export interface LogGrowth {
  stop(): void;
  /** Lines written between two times, to about a second. Never rejects. */
  linesBetween(fromUnixMs: number, untilUnixMs: number): Promise<readonly string[]>;
}

export function followGrowth(executor: Executor, path: string, now = Date.now): LogGrowth {
  const marks: Mark[] = [];
  let bytes = 0;
  let underWay = false;
  const look = async (): Promise<void> => {
    if (underWay) return;
    underWay = true;
    try {
      for (let piece = 0; piece < MOST_PIECES; piece++) {
        const { length } = await executor.read(path, { from: bytes, length: PIECE_BYTES });
        bytes += length;
        if (length < PIECE_BYTES) break;
      }
      marks.push({ unixMs: now(), bytes });
    } catch {
      // A log that can't be read has no lines of any time.
    }
    underWay = false;
  };
  void look();
  const timer = setInterval(() => void look(), EVERY_MS);
  timer.unref();
  return {
    stop: () => clearInterval(timer),
    async linesBetween(fromUnixMs, untilUnixMs) {
      const from = marks.findLast(({ unixMs }) => unixMs <= fromUnixMs)?.bytes ?? 0;
      const until = marks.find(({ unixMs }) => unixMs >= untilUnixMs)?.bytes ?? bytes;
      const length = Math.min(until - from, MOMENT_BYTES);
      if (length <= 0) return [];
      const text = await executor.read(path, { from, length }).catch(() => new Uint8Array());
      return new TextDecoder()
        .decode(text)
        .split('\n')
        .filter((line) => line.trim() !== '');
    },
  };
}
