import { SweeplineError } from '../../errors.js';

/** One error that stands for all; the only one, where there is just one. */
export function together(problems: readonly SweeplineError[]): SweeplineError {
  const [first] = problems;
  if (first === undefined) return new SweeplineError('INTERNAL', 'a changelog was refused without a problem');
  if (problems.length === 1) return first;
  const message = `${problems.length} problems in ${first.where.file ?? 'the changelog'}`;
  return new SweeplineError(first.code, message, { problems });
}
