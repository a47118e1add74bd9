import { renderCsv } from './csv.js';
import { renderHtml } from './html.js';
import { renderJson } from './json.js';
import { renderMarkdown } from './markdown.js';
import type { Renderer, ReportInput } from './report.js';

export { DISCLAIMER } from './disclaimer.js';
export { unfinishedNotice } from './notices.js';
export type { ReportInput } from './report.js';
export { renderTerminal } from './terminal.js';

/** Every format a report can be written in. */
const RENDERERS = {
  json: renderJson,
  csv: renderCsv,
  markdown: renderMarkdown,
  html: renderHtml,
} as const satisfies Record<string, Renderer>;

export type ReportFormat = keyof typeof RENDERERS;
export const REPORT_FORMATS = Object.keys(RENDERERS) as readonly ReportFormat[];

export function renderReport(format: ReportFormat, input: ReportInput): string {
  return RENDERERS[format](input);
}
