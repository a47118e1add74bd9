import { pathOf, type ServerLog } from './server-logs.js';

/** Bytes of a moment that are looked at. */
const MOMENT_BYTES = 64 * 1024;

/** How long a log was at some time, bytes. */
interface Mark {
  readonly unixMs: number;
  bytes: number;
}

/** Follows how a log grows, so that what was written at some time can be found in it, whether its lines have times or not. */
export interface LogGrowth {
  stop(): void;
  /** Lines written between two times, as exactly as the node tells of what is new. Never rejects. */
  linesBetween(fromUnixMs: number, untilUnixMs: number): Promise<readonly string[]>;
}

/** Milliseconds for which what is written counts as written at once: a mark each, of a log of hours. */
const MARK_MS = 100;

export function followGrowth(log: ServerLog, now = Date.now): LogGrowth {
  const marks: Mark[] = [];
  let bytes = 0;
  const stop = new AbortController();
  const follow = async (): Promise<void> => {
    for await (const { length } of log.executor.follow(pathOf(log), stop.signal)) {
      bytes += length;
      const unixMs = now();
      const last = marks.at(-1);
      if (last !== undefined && unixMs - last.unixMs < MARK_MS) last.bytes = bytes;
      else marks.push({ unixMs, bytes });
    }
  };
  void follow().catch(() => {}); // A log that can't be read has no lines of any time.
  return {
    stop: () => stop.abort(),
    async linesBetween(fromUnixMs, untilUnixMs) {
      const from = marks.findLast(({ unixMs }) => unixMs <= fromUnixMs)?.bytes ?? 0;
      const until = marks.findLast(({ unixMs }) => unixMs <= untilUnixMs)?.bytes ?? 0;
      const length = Math.min(until - from, MOMENT_BYTES);
      if (length <= 0) return [];
      const text = await log.executor.read(pathOf(log), { from, length }).catch(() => new Uint8Array());
      return new TextDecoder()
        .decode(text)
        .split('\n')
        .filter((line) => line.trim() !== '');
    },
  };
}
