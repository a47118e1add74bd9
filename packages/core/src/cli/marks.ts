import type { RunRecord } from '../load/records/record.js';
import { caveatsOf } from '../metrics/caveats.js';
import { marksOf, type Mark } from '../metrics/marks.js';
import type { Logger } from '../logger.js';

/** Prints what a reader must know about a run's numbers, beginning with whether they may be compared. */
export function tellMarks(logger: Logger, run: RunRecord): void {
  const marks = marksOf(run);
  for (const { code, message } of invalidOf(marks)) logger.error(`INVALID ${code}: ${message}`);
  for (const { code, severity, message } of marks)
    if (severity === 'note') logger.warn(`${code}: ${message}`);
  for (const { code, message } of caveatsOf(run)) logger.info(`${code}: ${message}`);
}

/** The line before the numbers of a run that must not be compared; empty for others. */
export function invalidHead(run: RunRecord): string {
  const codes = invalidOf(marksOf(run)).map(({ code }) => code);
  return codes.length === 0 ? '' : `INVALID (${codes.join(', ')}): do not compare these numbers\n\n`;
}

function invalidOf(marks: readonly Mark[]): readonly Mark[] {
  return marks.filter((mark) => mark.severity === 'invalid');
}
