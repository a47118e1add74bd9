import { SweeplineError } from '../../errors.js';

/** One error that combines all problems; a single problem is returned as it is. */
export function together(problems: readonly SweeplineError[]): SweeplineError {
  const [first] = problems;
  if (first === undefined)
    return new SweeplineError('INTERNAL', 'a changelog was refused, but no problem was given');
  if (problems.length === 1) return first;
  const message = `${problems.length} problems in ${first.where.file ?? 'the changelog'}`;
  return new SweeplineError(first.code, message, { problems });
}
