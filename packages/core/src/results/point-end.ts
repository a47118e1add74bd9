import type { Layer } from '../errors.js';
import { isCompleted, isValid } from './collect.js';
import type { Result } from './schema.js';

/** How a point has ended. */
export interface PointEnd {
  readonly name: string;
  readonly state: Result['state'];
  /** Whether its numbers may be compared: false for points without any. */
  readonly isValid: boolean;
  /** The part of the launch that failed, if one has. */
  readonly layer?: Layer;
}

/** States of points of which nothing was measured: a resumed run plans them again. */
const UNMEASURED: ReadonlySet<Result['state']> = new Set(['rejected', 'skipped']);

export function isUnmeasured({ state }: Pick<Result, 'state'>): boolean {
  return UNMEASURED.has(state);
}

export function endOf(result: Result): PointEnd {
  const { name, state } = result;
  const layer = result.state === 'failed' ? result.error.layer : undefined;
  return {
    ...{ name, state, isValid: isCompleted(result) && isValid(result) },
    ...(layer !== undefined && { layer }),
  };
}
