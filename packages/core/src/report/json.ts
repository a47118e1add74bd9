import { DISCLAIMER } from './disclaimer.js';
import type { Renderer } from './report.js';

export const REPORT_SCHEMA = 'sweepline.report/1';

/** The run and its results as they are stored. */
export const renderJson: Renderer = ({ run, results }) =>
  `${JSON.stringify({ schema: REPORT_SCHEMA, disclaimer: DISCLAIMER, run, results }, null, 2)}\n`;
