import { DISCLAIMER } from './disclaimer.js';
import { githubTable } from './github-table.js';
import { completedPoints, pointsOf, type ReportPoint } from './point.js';
import type { Renderer } from './report.js';
import { summaryTables } from './summary.js';

/** InferenceX's summary of the valid results, then what has to be read with care, then what failed. */
export const renderMarkdown: Renderer = ({ run, results }) => {
  const points = pointsOf(results);
  const completed = completedPoints(points);
  return [
    `# Sweepline run ${inline(run.id)}`,
    `> ${DISCLAIMER}`,
    ...tables(completed.filter((point) => point.valid)),
    ...tables(
      completed.filter((point) => !point.valid),
      'Invalid: ',
    ),
    ...list('Marks', completed.flatMap(markLines)),
    ...list('Not completed', points.flatMap(failureLines)),
  ]
    .join('\n\n')
    .concat('\n');
};

function tables(points: readonly ReportPoint[], prefix = ''): string[] {
  return summaryTables(points).flatMap(({ title, columns, entries }) => [
    `## ${prefix}${title}`,
    githubTable(
      columns.map((column) => column.header),
      entries.map(({ row }) => columns.map((column) => column.cell(row))),
    ),
  ]);
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, lines.map((line) => `- ${line}`).join('\n')];
}

function markLines({ result, marks }: ReportPoint): string[] {
  return marks.map(({ code, severity, message }) =>
    inline(`${result.name}: ${severity === 'invalid' ? 'INVALID' : 'note'}, ${code}: ${message}`),
  );
}

function failureLines({ result }: ReportPoint): string[] {
  if (result.state === 'completed') return [];
  if (result.state === 'interrupted') return [inline(`${result.name}: interrupted`)];
  const { code, message, where } = result.error;
  return [inline(`${result.name}: ${code}: ${message}${where === undefined ? '' : ` (${where})`}`)];
}

/** Text as text: nothing in it starts markup or a new line. */
function inline(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*[\]<>|]/g, '\\$&');
}
