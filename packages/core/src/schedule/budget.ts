/** What a sweep may use before it begins no more points. */
export interface Budget {
  /** Hours since this process began to measure. */
  readonly hours?: number | undefined;
  /** Points that may fail. */
  readonly failures?: number | undefined;
}

const MS_PER_HOUR = 3_600_000;

/** Why no further point may begin, in a sentence's words; undefined while one may. @param ms since the beginning */
export function spentBy(
  { hours = Infinity, failures = Infinity }: Budget,
  ms: number,
  failed: number,
): string | undefined {
  if (failed >= failures) return `${count(failed)} failed (--max-failures ${failures})`;
  return ms >= hours * MS_PER_HOUR ? `its time is over (--max-hours ${hours})` : undefined;
}

function count(failed: number): string {
  return failed === 1 ? '1 point has' : `${failed} points have`;
}
