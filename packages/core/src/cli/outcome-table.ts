import { renderTerminal, type ReportInput } from '../report/index.js';
import { PLAIN } from '../style.js';
import type { Terminal } from './app.js';

/** The table of a run as its command ends with it; where it is looked at, with a chart. */
export function outcomeTable(outcome: ReportInput, terminal: Terminal): string {
  const { columns, screen = false, quiet = false, stdoutStyle: style = PLAIN } = terminal;
  return renderTerminal(outcome, columns, { style, chart: screen && !quiet });
}
