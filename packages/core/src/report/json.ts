import { isCompleted, isValid } from '../results/collect.js';
import { DISCLAIMER } from './disclaimer.js';
import { noticesOf } from './notices.js';
import type { Renderer } from './report.js';

export const REPORT_SCHEMA = 'sweepline.report/1';

/** The run and its results as stored, and for each result whether its numbers may be compared. */
export const renderJson: Renderer = (input) => {
  const { run, results } = input;
  const judged = results.map((result) => {
    const { schema, name, state, ...rest } = result;
    return { schema, name, state, valid: isCompleted(result) && isValid(result), ...rest };
  });
  const report = {
    schema: REPORT_SCHEMA,
    disclaimer: DISCLAIMER,
    notices: noticesOf(input),
    run,
    results: judged,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
};
