import { readFileSync } from 'node:fs';
import { SweeplineError } from '../errors.js';

/** Modules are read many at a time: with fewer files, Node takes some of them for missing and doesn't name the limit. */
const FEWEST = 256;

/** Linux alone is asked; elsewhere the limit is met where it is met. @throws SweeplineError LIMIT_REACHED */
export function checkOpenFiles(): void {
  const limit = Number(/^Max open files\s+(\d+)/m.exec(limits())?.[1] ?? Infinity);
  if (limit >= FEWEST) return;
  throw new SweeplineError(
    'LIMIT_REACHED',
    `this process may open ${limit} files and connections at most, and needs ${FEWEST}`,
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
