import type { MetricOutput } from '../../plugin/metric.js';
import { general } from '../number.js';
import { completedPoints, type ReportPoint } from '../point.js';
import { summaryTables } from '../summary.js';
import { html, type Markup } from './markup.js';

const MISSING = '–';

/** The summary with a state for each result: also what failed is in it. */
export function resultTables(points: readonly ReportPoint[]): readonly Markup[] {
  return summaryTables(points).map(({ title, columns, entries }) =>
    table(
      title,
      [...columns.map((column) => column.header), 'State'],
      entries.map((point) => [...columns.map((column) => cell(column.cell(point.row))), state(point)]),
    ),
  );
}

/** Every number that metric plugins gave, one line per output. */
export function metricTable(points: readonly ReportPoint[], outputs: readonly MetricOutput[]): Markup {
  const completed = completedPoints(points);
  return table(
    'All metrics',
    ['Result', ...outputs.map(({ label, unit }) => (unit === '' ? label : `${label} (${unit})`))],
    completed.map((point) => [
      html`<th scope="row">${point.result.name}</th>`,
      ...outputs.map(({ key }) => numberCell(metricsOf(point)[key])),
    ]),
  );
}

/** Definitions, outputs with the same one together. */
export function definitionTable(outputs: readonly Pick<MetricOutput, 'key' | 'definition'>[]): Markup {
  const keys = new Map<string, string[]>();
  for (const { key, definition } of outputs) keys.set(definition, [...(keys.get(definition) ?? []), key]);
  return table(
    'Definitions',
    ['Metric', 'Definition'],
    [...keys].map(([definition, names]) => [
      html`<td class="keys">${names.map((name) => html`<code>${name}</code> `)}</td>`,
      html`<td class="prose">${definition}</td>`,
    ]),
  );
}

/** Each mark in full. */
export function markTable(points: readonly ReportPoint[]): Markup | undefined {
  const lines = points.flatMap(({ result, marks }) =>
    marks.map((mark) => [
      html`<th scope="row">${result.name}</th>`,
      html`<td>${badge(mark.severity, mark.code)}</td>`,
      html`<td class="prose">${mark.message}</td>`,
    ]),
  );
  return lines.length === 0 ? undefined : table('Marks', ['Result', 'Mark', 'Meaning'], lines);
}

function state({ result, marks }: ReportPoint): Markup {
  if (result.state === 'failed') return html`<td class="state">${badge('failed', result.error.code)}</td>`;
  if (result.state === 'interrupted') return html`<td class="state">${badge('failed', 'interrupted')}</td>`;
  if (marks.length === 0) return html`<td class="state">${badge('ok', 'completed')}</td>`;
  return html`<td class="state">${marks.map((mark) => badge(mark.severity, mark.code))}</td>`;
}

/** The words say it too: colour alone would not reach everybody. */
function badge(kind: 'ok' | 'note' | 'invalid' | 'failed', text: string): Markup {
  const prefix = kind === 'ok' ? '' : `${kind}: `;
  return html`<span class="badge ${kind}">${prefix}${text}</span> `;
}

function table(caption: string, headers: readonly string[], rows: readonly (readonly Markup[])[]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${headers.map((header) => html`<th scope="col">${header}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

function cell(text: string): Markup {
  if (text === '') return html`<td class="missing">${MISSING}</td>`;
  return /^-?\d+\.\d+$/.test(text) ? numberCell(Number(text)) : html`<td>${text}</td>`;
}

function numberCell(value: number | undefined): Markup {
  if (value === undefined) return html`<td class="missing">${MISSING}</td>`;
  return html`<td class="number">${general(value)}</td>`;
}

function metricsOf({ result }: ReportPoint): Readonly<Record<string, number>> {
  return result.state === 'completed' ? result.metrics : {};
}
