import type { Logger } from '../logger.js';
import { printable } from '../printable.js';
import { PLAIN, type Style } from '../style.js';
import type { Terminal } from './app.js';

const CODE = /^[A-Z][A-Z_]+(?=: )/gmu;
const HINT = /^ {2}→ .*$/gmu;
const WARNING = /^warning:/u;

/** Writes lines for people to stderr; nothing in them moves the cursor. With `quiet` it writes errors only. */
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

/** Styles error codes, hints and the word for a warning. */
function coloured(text: string, { bad, caution, hint }: Style): string {
  return text.replace(WARNING, caution).replaceAll(CODE, bad).replaceAll(HINT, hint);
}
