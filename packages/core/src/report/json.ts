import { levelOfRange } from '../metrics/between-runs.js';
import { isCompleted, isValid } from '../results/collect.js';
import { DISCLAIMER } from './disclaimer.js';
import { noticesOf } from './notices.js';
import { pointsOf } from './point.js';
import type { Renderer } from './report.js';
import { summarised } from './runs.js';

export const REPORT_SCHEMA = 'sweepline.report/1';

/**
 * The run and its results as stored, and for each result whether its numbers may be compared. Where points were measured several times,
 * `points` has what their runs say together: by row key the median, the lowest and the highest value.
 */
export const renderJson: Renderer = (input) => {
  const { run, results } = input;
  const judged = results.map((result) => {
    const { schema, name, state, ...rest } = result;
    return { schema, name, state, valid: isCompleted(result) && isValid(result), ...rest };
  });
  const points = summarised(pointsOf(results), run).flatMap(({ runs }) => {
    if (runs === undefined) return [];
    const { point, valid, of, numbers } = runs;
    const level = valid > 1 ? { rangeCoversMedian: levelOfRange(valid) } : {};
    return [{ name: point, runs: of, validRuns: valid, ...level, numbers }];
  });
  const report = {
    schema: REPORT_SCHEMA,
    disclaimer: DISCLAIMER,
    notices: noticesOf(input),
    run,
    ...(points.length > 0 && { points }),
    results: judged,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
};
