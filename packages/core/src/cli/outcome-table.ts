import { renderTerminal, type ReportInput } from '../report/index.js';
import { PLAIN } from '../style.js';
import type { Terminal } from './app.js';

/** The table that a command prints at the end of a run, with a chart on a screen. */
export function outcomeTable(outcome: ReportInput, terminal: Terminal): string {
  const { columns, screen = false, quiet = false, stdoutStyle: style = PLAIN } = terminal;
  return renderTerminal(outcome, columns, { style, chart: screen && !quiet });
}
