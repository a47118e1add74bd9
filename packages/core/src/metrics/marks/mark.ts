import type { RunRecord } from '../../load/records/record.js';

/** A reason to read a result with care; `invalid` takes it out of plots and comparisons. */
export interface Mark {
  readonly code: string;
  readonly severity: 'note' | 'invalid';
  readonly message: string;
}

export type Check = (run: RunRecord) => Mark | undefined;

export function note(code: string, message: string): Mark {
  return { code, severity: 'note', message };
}

export function invalid(code: string, message: string): Mark {
  return { code, severity: 'invalid', message };
}
