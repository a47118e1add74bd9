import { EXIT } from '../errors.js';
import type { ReportInput } from '../report/index.js';
import { isCompleted, isValid } from '../results/collect.js';

/** The exit code of a run. The worst outcome decides: a point without a result is worse than one whose result must not be compared. */
export function exitCodeOf({ run, results }: ReportInput, allowInvalid = false): number {
  if (run.state === 'interrupted') return EXIT.interrupted;
  const completed = results.filter(isCompleted);
  if (completed.length < run.points) return EXIT.jobFailed;
  return allowInvalid || completed.every(isValid) ? EXIT.ok : EXIT.resultInvalid;
}
