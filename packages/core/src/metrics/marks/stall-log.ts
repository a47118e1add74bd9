import { onOneLine } from '../../printable.js';
import type { Mark } from './mark.js';

/** Lines of a server's log from the time of a stall. */
export interface StallLog {
  readonly file: string;
  readonly lines: readonly string[];
}

/** Most lines in a message, and the length of each. */
const MOST_LINES = 3;
const LONGEST_LINE = 200;

/** Messages of engines that compile, capture or tune for a shape that they see for the first time. */
const FIRST_USE =
  /\b(re)?compil(e|ing|ation)|captur(e|ing)|autotun|auto-tun|tuning|torch[._ ]?inductor|\btriton\b|\bnvrtc\b|\bjit\b|deep_?gemm/i;

/** Adds log lines of stalls to marks; first use is reported separately. */
export function withStallLogs(marks: readonly Mark[], logs: readonly StallLog[]): readonly Mark[] {
  const written = logs.filter(({ lines }) => lines.length > 0);
  return marks.map((mark) =>
    mark.code === 'server-stall' && logs.length > 0
      ? { ...mark, message: `${mark.message}; ${sayOf(written)}` }
      : mark,
  );
}

function sayOf(logs: readonly StallLog[]): string {
  if (logs.length === 0) return 'the server wrote nothing then';
  const firstUse = logs.flatMap(({ file, lines }) =>
    lines.filter((line) => FIRST_USE.test(line)).map((line) => ({ file, line })),
  );
  const [{ file, line } = { file: '', line: '' }] = firstUse;
  if (firstUse.length > 0) {
    return (
      `first use, according to its log: ${file}: ${shown(line)}. The engine compiles or tunes for a shape that was not in its warm-up: ` +
      'to keep that out of the window, send more warm-up requests or give the engine these shapes when it starts'
    );
  }
  return logs
    .map(({ file, lines }) => `${file} then: ${lines.slice(0, MOST_LINES).map(shown).join(' | ')}`)
    .join('; ');
}

function shown(line: string): string {
  const plain = onOneLine(line).trim();
  return plain.length > LONGEST_LINE ? `${plain.slice(0, LONGEST_LINE - 1)}…` : plain;
}
