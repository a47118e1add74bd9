import { onOneLine } from '../printable.js';
import type { Terminal } from './app.js';

const CLEAR_LINE = '\r\u001b[2K';
/** Around a line that is redrawn: should it be too wide after all, it is cut at the edge and not wrapped. */
const [NO_WRAP, WRAP] = ['\u001b[?7l', '\u001b[?7h'];
/** What a name gets before anything is left out behind it, and what it gets at least. */
const FAIR_NAME = 28;
const SHORTEST_NAME = 12;

/** One line on stderr that is redrawn, between lines that stay. */
export interface StatusLine {
  readonly clear: () => void;
  /** Where there isn't room for all of it, a name is shortened; `after` is told how much is left for it. */
  draw(before: string, name: string, after: (room: number) => string): void;
  line(text: string): void;
}

export function createStatusLine(terminal: Terminal): StatusLine {
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
    line(text): void {
      clear();
      stderr(`${onOneLine(text)}\n`);
    },
  };
}

/** Both ends of a text: names often differ only in one of them. */
function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const tail = Math.floor((length - 1) / 2);
  return `${text.slice(0, length - 1 - tail)}…${text.slice(-tail)}`;
}
