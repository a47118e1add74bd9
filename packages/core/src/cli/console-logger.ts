import type { Logger } from '../logger.js';
import type { Terminal } from './app.js';

/** Lines on stderr, for people. */
export function createConsoleLogger({ stderr }: Pick<Terminal, 'stderr'>): Logger {
  const line =
    (prefix: string) =>
    (message: string): void =>
      stderr(`${prefix}${message}\n`);
  return { debug() {}, info: line(''), warn: line('warning: '), error: line('') };
}
