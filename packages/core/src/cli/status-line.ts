import { onOneLine } from '../printable.js';
import { shortened } from '../shortened.js';
import type { Terminal } from './app.js';

const CLEAR_LINE = '\r\u001b[2K';
/** Around a line that is redrawn: should it be too wide after all, it is cut at the edge and not wrapped. */
const [NO_WRAP, WRAP] = ['\u001b[?7l', '\u001b[?7h'];
/** What a name gets before anything is left out behind it, and what it gets at least. */
const FAIR_NAME = 28;
const SHORTEST_NAME = 12;

/** One line on stderr that is redrawn, between lines that stay; nothing at all of a quiet terminal. */
export interface StatusLine {
  readonly clear: () => void;
  /** Where there isn't room for all of it, a name is shortened; `after` is told how much is left for it. */
  draw(before: string, name: string, after: (room: number) => string): void;
  /** `paint` colours the end of the line, as it will be shown. */
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
