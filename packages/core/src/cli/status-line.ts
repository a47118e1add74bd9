import { onOneLine } from '../printable.js';
import { shortened } from '../shortened.js';
import type { Terminal } from './app.js';

const CLEAR_LINE = '\r\u001b[2K';
/** Written around a redrawn line, so that a line that is too wide is cut at the edge and not wrapped. */
const [NO_WRAP, WRAP] = ['\u001b[?7l', '\u001b[?7h'];
/** Width of a name before parts after it are left out, and its minimum width. */
const FAIR_NAME = 28;
const SHORTEST_NAME = 12;

/** One redrawn line on stderr, between lines that stay; writes nothing if the terminal is quiet. */
export interface StatusLine {
  readonly clear: () => void;
  /** Without enough room the name is shortened; `after` gets the number of columns that remain. */
  draw(before: string, name: string, after: (room: number) => string): void;
  /** `paint` colours the end of the line, as it is shown. */
  line(before: string, text: string, paint?: (shown: string) => string): void;
}

export function createStatusLine(terminal: Terminal): StatusLine {
  if (terminal.quiet) return { clear() {}, draw() {}, line() {} };
  const { stderr } = terminal;
  let drawn = false;
  const clear = (): void => {
    if (drawn) stderr(CLEAR_LINE);
    drawn = false;
  };
  return {
    clear,
    draw(before, name, after): void {
      const room = terminal.statusColumns - 1;
      const rest = after(room - before.length - Math.min(name.length, FAIR_NAME));
      const short = shortened(name, Math.max(SHORTEST_NAME, room - before.length - rest.length));
      stderr(CLEAR_LINE + NO_WRAP + onOneLine(before + short + rest).slice(0, room) + WRAP);
      drawn = true;
    },
    line(before, text, paint = (shown) => shown): void {
      clear();
      stderr(`${onOneLine(before)}${paint(onOneLine(text))}\n`);
    },
  };
}
