import { BUILTIN_REPORTS, type BuiltinReport } from '../plugin/report.js';
import { renderCsv } from './csv.js';
import { renderJson } from './json.js';
import { renderMarkdown } from './markdown.js';
import type { Renderer, ReportInput } from './report.js';

export { DISCLAIMER } from './disclaimer.js';
export { unfinishedNotice } from './notices.js';
export type { ReportInput } from './report.js';
export { renderTerminal } from './terminal.js';

/** All formats of reports. */
const RENDERERS = {
  json: renderJson,
  csv: renderCsv,
  markdown: renderMarkdown,
} as const satisfies Record<BuiltinReport, Renderer>;

export type ReportFormat = BuiltinReport;
export const REPORT_FORMATS: readonly ReportFormat[] = BUILTIN_REPORTS;

export function renderReport(format: ReportFormat, input: ReportInput): string {
  return RENDERERS[format](input);
}
