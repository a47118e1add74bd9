import type { Result } from './schema.js';

/** Why a result has no numbers. */
export interface Reason {
  /** Of the error, or what skipped it. */
  readonly code: string;
  readonly message: string;
}

/** Undefined for results with numbers, and for interrupted ones, which say no more. */
export function reasonOf(result: Result): Reason | undefined {
  switch (result.state) {
    case 'failed':
    case 'rejected':
      return result.error;
    case 'skipped':
      return result.reason;
    case 'completed':
    case 'interrupted':
      return undefined;
  }
}
