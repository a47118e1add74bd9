import { onOneLine } from '../printable.js';
import { shortened } from '../shortened.js';
import type { Terminal } from './app.js';

const CLEAR_LINE = '\r\u001b[2K';
const UP = '\u001b[1A';
/** Written around a redrawn line, so that a line that is too wide is cut at the edge and not wrapped. */
const [NO_WRAP, WRAP] = ['\u001b[?7l', '\u001b[?7h'];
/** Width of a name before parts after it are left out, and its minimum width. */
const FAIR_NAME = 28;
const SHORTEST_NAME = 12;

/** Redrawn lines on stderr, between lines that stay; writes nothing if the terminal is quiet. */
export interface StatusLine {
  readonly clear: () => void;
  /** Without enough room the name is shortened; `after` gets the number of columns that remain. */
  draw(before: string, name: string, after: (room: number) => string): void;
  /** Several lines, each cut where the terminal ends. */
  drawAll(lines: readonly string[]): void;
  /** `paint` colours the end of the line, as it is shown. */
  line(before: string, text: string, paint?: (shown: string) => string): void;
}

export function createStatusLine(terminal: Terminal): StatusLine {
  if (terminal.quiet) return { clear() {}, draw() {}, drawAll() {}, line() {} };
  const { stderr } = terminal;
  /** Lines that are there now. */
  let drawn = 0;
  const erasure = (): string => CLEAR_LINE + (UP + CLEAR_LINE).repeat(Math.max(0, drawn - 1));
  const clear = (): void => {
    if (drawn > 0) stderr(erasure());
    drawn = 0;
  };
  const drawAll = (lines: readonly string[]): void => {
    const room = terminal.statusColumns - 1;
    const cut = lines.map((line) => onOneLine(line).slice(0, room));
    stderr(erasure() + NO_WRAP + cut.join('\n') + WRAP);
    drawn = lines.length;
  };
  return {
    clear,
    drawAll,
    draw(before, name, after): void {
      const room = terminal.statusColumns - 1;
      const rest = after(room - before.length - Math.min(name.length, FAIR_NAME));
      const short = shortened(name, Math.max(SHORTEST_NAME, room - before.length - rest.length));
      drawAll([before + short + rest]);
    },
    line(before, text, paint = (shown) => shown): void {
      clear();
      stderr(`${onOneLine(before)}${paint(onOneLine(text))}\n`);
    },
  };
}
