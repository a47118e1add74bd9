import { createMask, secretsIn, type Mask } from '@sweepline/core';

/** Hides secrets of this environment, should a result have one. */
export function siteMask(): Mask {
  return createMask(secretsIn(process.env));
}
