import { readFileSync } from 'node:fs';
import { SweeplineError } from '../errors.js';

/** Node reads many modules at a time: with fewer files it reports some as missing and doesn't mention the limit. */
const FEWEST = 256;

/** Checks the limit on Linux only; elsewhere nothing is checked. @throws {SweeplineError} LIMIT_REACHED */
export function checkOpenFiles(): void {
  const limit = Number(/^Max open files\s+(\d+)/m.exec(limits())?.[1] ?? Infinity);
  if (limit >= FEWEST) return;
  throw new SweeplineError(
    'LIMIT_REACHED',
    `this process may open at most ${limit} files and connections, and needs ${FEWEST}`,
    { hint: 'Raise the limit: `ulimit -n` shows it, `ulimit -n 65536` sets it.' },
  );
}

function limits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
