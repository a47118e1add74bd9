import type { RunInfo } from '../../results/run-schema.js';
import { general } from '../number.js';
import { completedPoints, type ReportPoint } from '../point.js';
import { type Column, summaryTables } from '../summary.js';
import { groups } from '../groups.js';
import { html, type Markup } from './markup.js';

const MISSING = '–';

/** A key and what it means. */
export type Defined = Pick<RunInfo['outputs'][number], 'key' | 'definition'>;

/** The summary with a state for each result; failed ones are included. */
export function resultTables(points: readonly ReportPoint[]): readonly Markup[] {
  return summaryTables(points).map(({ title, columns, entries }) => {
    const numeric = (column: Column): boolean => entries.every((point) => isNumeric(column.cell(point)));
    return table(
      title,
      ['State', ...columns.map((column) => heading(column.header, numeric(column)))],
      entries.map((point) => [
        state(point),
        ...columns.map((column) => cell(column.cell(point), column.range?.(point))),
      ]),
    );
  });
}

/**
 * All numbers of metric plugins: one collapsible table per plugin, with one line per result. Metrics that no result has are
 * listed at the end instead of as empty columns.
 */
export function metricTables(points: readonly ReportPoint[], outputs: RunInfo['outputs']): Markup {
  const completed = completedPoints(points);
  const isThere = ({ key }: Output): boolean => completed.some((point) => key in metricsOf(point));
  const absent = outputs.filter((output) => !isThere(output)).map(({ label }) => label);
  return html`${groups(outputs.filter(isThere), ({ metric = 'metrics' }) => metric).map(
    ([metric, columns]) =>
      html`<details>
        <summary>${metric}</summary>
        ${metricTable(metric, completed, columns)}
      </details>`,
  )}
  ${absent.length === 0 ? undefined : html`<p class="hint">In no result: ${absent.join(', ')}.</p>`}`;
}

type Output = RunInfo['outputs'][number];

function metricTable(metric: string, points: readonly ReportPoint[], outputs: readonly Output[]): Markup {
  return table(
    metric,
    [
      'Result',
      ...outputs.map(({ label, unit }) => heading(unit === '' ? label : `${label} (${unit})`, true)),
    ],
    points.map((point) => [
      html`<th scope="row">
        ${point.result.name} ${point.valid ? undefined : html`<span class="badge invalid">invalid</span>`}
      </th>`,
      ...outputs.map(({ key }) => metricCell(point, key)),
    ]),
  );
}

/** Definitions; outputs with the same one share a line. */
export function definitionTable(outputs: readonly Defined[]): Markup {
  return table(
    'Definitions',
    ['Metric', 'Definition'],
    groups(outputs, ({ definition }) => definition).map(([definition, those]) => [
      html`<td class="keys">${those.map(({ key }) => html`<code>${key}</code> `)}</td>`,
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
  if (result.state === 'rejected')
    return html`<td class="state">${badge('note', `rejected, ${result.error.code}`)}</td>`;
  if (result.state === 'interrupted') return html`<td class="state">${badge('failed', 'interrupted')}</td>`;
  if (marks.length === 0) return html`<td class="state">${badge('ok', 'completed')}</td>`;
  return html`<td class="state">${marks.map((mark) => badge(mark.severity, mark.code))}</td>`;
}

/** The text also says it: not everyone can see the colour. */
function badge(kind: 'ok' | 'note' | 'invalid' | 'failed', text: string): Markup {
  const prefix = kind === 'ok' ? '' : `${kind}: `;
  return html`<span class="badge ${kind}">${prefix}${text}</span> `;
}

type Heading = string | { readonly text: string; readonly numeric: boolean };

export function heading(text: string, numeric: boolean): Heading {
  return { text, numeric };
}

function columnHeader(header: Heading): Markup {
  if (typeof header === 'string') return html`<th scope="col">${header}</th>`;
  return html`<th scope="col" class="${header.numeric ? 'number' : 'words'}">${header.text}</th>`;
}

export function table(
  caption: string,
  headers: readonly Heading[],
  rows: readonly (readonly Markup[])[],
): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${headers.map(columnHeader)}
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

/** @param between the number's range between runs, if there is one */
function cell(text: string, between?: readonly [string, string]): Markup {
  if (text === '') return html`<td class="missing">${MISSING}</td>`;
  if (!isNumeric(text)) return html`<td class="words">${text}</td>`;
  const shown = text.includes('.') ? general(Number(text)) : text;
  if (between === undefined) return html`<td class="number">${shown}</td>`;
  const [low, high] = between.map((end) => general(Number(end)));
  return html`<td class="number">${shown} <span class="interval">${low} to ${high} between runs</span></td>`;
}

/** Digits as in the summary, or empty. */
function isNumeric(text: string): boolean {
  return /^(-?\d+(\.\d+)?)?$/.test(text);
}

function numberCell(value: number | undefined): Markup {
  if (value === undefined) return html`<td class="missing">${MISSING}</td>`;
  return html`<td class="number">${general(value)}</td>`;
}

/** A number, with its interval below if it has one. */
function metricCell(point: ReportPoint, key: string): Markup {
  const value = metricsOf(point)[key];
  const interval = point.result.state === 'completed' ? point.result.intervals?.[key] : undefined;
  if (value === undefined || interval === undefined) return numberCell(value);
  const { low, high, covers } = interval;
  return html`<td class="number" title="${covers}">
    ${general(value)} <span class="interval">${general(low)} to ${general(high)} within this run</span>
  </td>`;
}

function metricsOf({ result }: ReportPoint): Readonly<Record<string, number>> {
  return result.state === 'completed' ? result.metrics : {};
}
