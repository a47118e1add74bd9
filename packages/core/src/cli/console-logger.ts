import type { Logger } from '../logger.js';
import { printable } from '../printable.js';
import type { Terminal } from './app.js';

/** Lines on stderr, for people; nothing in them moves the cursor. */
export function createConsoleLogger({ stderr }: Pick<Terminal, 'stderr'>): Logger {
  const line =
    (prefix: string) =>
    (message: string): void =>
      stderr(printable(`${prefix}${message}\n`));
  return { info: line(''), warn: line('warning: '), error: line('') };
}
