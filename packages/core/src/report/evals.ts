import { scoresText } from '../results/evals.js';
import { completedPoints, type ReportPoint } from './point.js';

/** A line for each task that a server was asked: scores with their intervals over questions, floor and verdict. */
export function evalLines(points: readonly ReportPoint[]): readonly string[] {
  return completedPoints(points).flatMap(({ result: { name, evals = [] } }) =>
    evals.map((one) => {
      const { task, verdict, undecided, error } = one;
      if (error !== undefined) return `${name}: ${task}: failed: ${error.code}: ${error.message}`;
      const open = undecided === true ? ', undecided' : '';
      return `${name}: ${task}: ${scoresText(one)}: ${VERDICTS[verdict]}${open}`;
    }),
  );
}

const VERDICTS = {
  passed: 'passed',
  'below-floor': 'BELOW THE FLOOR',
  'no-floor': 'no floor',
  failed: 'failed',
} as const;
