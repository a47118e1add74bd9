import type { Logger } from '../logger.js';
import { printable } from '../printable.js';
import { PLAIN, type Style } from '../style.js';
import type { Terminal } from './app.js';

const CODE = /^[A-Z][A-Z_]+(?=: )/gmu;
const HINT = /^ {2}→ .*$/gmu;
const WARNING = /^warning:/u;

/** Lines on stderr, for people; nothing in them moves the cursor. A quiet one says errors alone. */
export function createConsoleLogger({
  stderr,
  stderrStyle = PLAIN,
  quiet = false,
}: Pick<Terminal, 'stderr' | 'stderrStyle' | 'quiet'>): Logger {
  const say = (text: string): void => stderr(`${coloured(printable(text), stderrStyle)}\n`);
  return {
    info: quiet ? () => {} : say,
    warn: quiet ? () => {} : (message) => say(`warning: ${message}`),
    error: say,
  };
}

/** Codes of errors, what to do about them, and that a line is a warning. */
function coloured(text: string, { bad, caution, hint }: Style): string {
  return text.replace(WARNING, caution).replaceAll(CODE, bad).replaceAll(HINT, hint);
}
