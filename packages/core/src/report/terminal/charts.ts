import { completedPoints, type ReportPoint } from '../point.js';
import { workloadsOf } from '../series.js';
import { chartLines, drawnPoints } from './chart.js';

/** Fewer valid results than this are as easy to see in the table. */
const FEWEST_POINTS = 3;
/** Further workloads are only in the report, so that the table stays on the screen. */
const MOST_CHARTS = 4;
/** Fewest and most characters per line of a chart, whatever the terminal's width. */
const [NARROWEST, WIDEST] = [38, 64];
const BETWEEN = '   ';

/** Throughput per device against interactivity, one chart per workload, as many side by side as fit: paragraphs of lines. */
export function charts(points: readonly ReportPoint[], width: number): string[][] {
  const workloads = workloadsOf(completedPoints(points)).filter(
    (workload) => drawnPoints(workload) >= FEWEST_POINTS,
  );
  if (workloads.length === 0 || width < NARROWEST) return [];
  const shown = workloads.slice(0, MOST_CHARTS);
  const fitting = Math.floor((width + BETWEEN.length) / (NARROWEST + BETWEEN.length));
  // Three and one would also take two rows.
  const rows = Math.ceil(shown.length / fitting);
  const abreast = Math.ceil(shown.length / rows);
  const each = Math.min(WIDEST, Math.floor((width + BETWEEN.length) / abreast) - BETWEEN.length);
  const drawn = shown.map((workload) => chartLines(workload, each));
  const more = workloads.length - shown.length;
  return [
    ...Array.from({ length: rows }, (_, row) =>
      sideBySide(drawn.slice(row * abreast, (row + 1) * abreast), each),
    ),
    ...(more === 0 ? [] : [[`${more} more ${more === 1 ? 'workload is' : 'workloads are'} in the report.`]]),
  ];
}

function sideBySide(blocks: readonly (readonly string[])[], width: number): string[] {
  const height = Math.max(...blocks.map(({ length }) => length));
  return Array.from({ length: height }, (_, i) =>
    blocks
      .map((lines) => (lines[i] ?? '').padEnd(width))
      .join(BETWEEN)
      .trimEnd(),
  );
}
