import { reasonOf } from '../results/reason.js';
import type { CompletedResult } from '../results/schema.js';
import { DISCLAIMER } from './disclaimer.js';
import { evalLines } from './evals.js';
import { githubTable } from './github-table.js';
import { inline } from './markdown-text.js';
import { missingOf, neverBegunWord, noticesOf } from './notices.js';
import {
  begunPoints,
  completedPoints,
  HELD_BACK,
  inState,
  withoutResult,
  pointsOf,
  stateOf,
  type ReportPoint,
  withheldLines,
} from './point.js';
import type { Renderer } from './report.js';
import { runsNote, summarised } from './runs.js';
import { summaryTables, type Column } from './summary.js';

/** First what must be known, then InferenceX's summary of the valid results, then what needs care, then what is missing. */
export const renderMarkdown: Renderer = (input) => {
  const points = pointsOf(input.results);
  const completed = completedPoints(points);
  const shown = summarised(begunPoints(points), input.run);
  const note = runsNote(shown);
  const missing = missingOf(input);
  return [
    `# Sweepline run ${inline(input.run.id)}`,
    ...noticesOf(input).map((notice) => `**${inline(notice)}**`),
    `> ${DISCLAIMER}`,
    ...tables(completedPoints(shown).filter((point) => point.valid && wasLoaded(point))),
    ...invalidTables(completedPoints(shown).filter((point) => !point.valid && wasLoaded(point))),
    ...(note === undefined ? [] : [inline(note)]),
    ...list('Evals', evalLines(points).map(inline)),
    ...list('Marks', completed.flatMap(markLines)),
    ...list(HELD_BACK, withheldLines(points).map(inline)),
    ...list('Not completed', inState(points, ['failed', 'interrupted']).map(reasonLine)),
    ...list('Rejected', inState(points, ['rejected']).map(reasonLine)),
    ...list('Skipped', inState(points, ['skipped']).map(reasonLine)),
    ...list('Begun, without a result', missing.begun.map(inline)),
    ...list(neverBegunWord(input.run), withoutResult(missing, points).map(inline)),
  ]
    .join('\n\n')
    .concat('\n');
};

/** Whether there are numbers: a server that was only asked has none. */
function wasLoaded({ result: { metrics } }: { readonly result: CompletedResult }): boolean {
  return Object.keys(metrics).length > 0;
}

function tables(points: readonly ReportPoint[]): string[] {
  return summaryTables(points).flatMap(({ title, columns, entries }) => [
    `## ${title}`,
    githubTable(
      columns.map((column) => column.header),
      entries.map((point) => cellsOf(columns, point)),
    ),
  ]);
}

/** Each row says that it is invalid, so that a copy can't be mistaken for a valid one. */
function invalidTables(points: readonly ReportPoint[]): string[] {
  return summaryTables(points).flatMap(({ title, columns, entries }) => [
    `## Invalid: ${title}`,
    githubTable(
      ['State', ...columns.map((column) => column.header)],
      entries.map((point) => [
        inline(stateOf(point).replace('invalid', 'INVALID')),
        ...cellsOf(columns, point),
      ]),
    ),
  ]);
}

function cellsOf(columns: readonly Column[], point: ReportPoint): string[] {
  return columns.map(({ cell, range }) => {
    const between = range?.(point);
    return inline(between === undefined ? cell(point) : `${cell(point)} (${between.join(' … ')})`);
  });
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, lines.map((line) => `- ${line}`).join('\n')];
}

function markLines({ result, marks }: ReportPoint): string[] {
  return marks.map(({ code, severity, message }) =>
    inline(`${result.name}: ${severity === 'invalid' ? 'INVALID' : 'note'}, ${code}: ${message}`),
  );
}

function reasonLine({ result }: ReportPoint): string {
  const reason = reasonOf(result);
  if (reason === undefined) return inline(`${result.name}: ${result.state}`);
  const where = 'error' in result ? result.error.where : undefined;
  return inline(
    `${result.name}: ${reason.code}: ${reason.message}${where === undefined ? '' : ` (${where})`}`,
  );
}
