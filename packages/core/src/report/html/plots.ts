import type { ReportPoint } from '../point.js';
import { type Chart, chartSvg, labelledBy, type RowAxis } from './chart.js';
import { marker } from './marker.js';
import { html, type Markup } from './markup.js';
import { type Series, type Workload, workloadsOf } from '../series.js';

const THROUGHPUT: RowAxis = { key: 'tput_per_gpu', label: 'Throughput per device', unit: 'tok/s' };
/** For a server with an unknown number of devices. */
const ENDPOINT_THROUGHPUT: RowAxis = {
  key: 'total_token_throughput',
  label: 'Throughput of the endpoint',
  unit: 'tok/s',
};
const X_AXES: readonly RowAxis[] = [
  { key: 'median_intvty', label: 'Interactivity', unit: 'tok/s/user' },
  { key: 'median_e2el', label: 'End-to-end latency', unit: 's' },
];

/** One section per workload: throughput against interactivity and against latency, with a common legend. */
export function plots(completed: readonly ReportPoint[]): readonly Markup[] {
  return workloadsOf(completed).map(workloadSection);
}

function workloadSection(workload: Workload, index: number): Markup {
  const charts = X_AXES.map((x, i) => chartOf(workload, x, `plot-${index}-${i}`));
  const figures = charts.map(figure).filter((drawn) => drawn !== undefined);
  return html`<section>
    <h2>${workload.title}</h2>
    ${
      figures.length === 0
        ? html`<p class="empty">No valid result to plot.</p>`
        : html`<div class="figures">${figures}</div>
            <ul class="legend" aria-label="Series">
              ${workload.series.map(legendEntry)}
            </ul>
            <p class="caption">
              Medians${hasRanges(workload) ? ' over runs; lines through a point are its range between runs' : ''}.
              Points are labelled by ${labelledBy(workload)}; a hollow marker has a note in the results
              table.${outOfPlot(workload.invalid)}
            </p>`
    }
  </section>`;
}

function chartOf(workload: Workload, x: RowAxis, id: string): Chart {
  const rows = workload.series.flatMap(({ points }) => points.map(({ row }) => row));
  const y = rows.some((row) => row['endpoint'] !== undefined) ? ENDPOINT_THROUGHPUT : THROUGHPUT;
  const title = `${y.label} against ${x.label.toLowerCase()}: ${workload.title}`;
  return { id, title, x, y, series: workload.series };
}

function figure(chart: Chart): Markup | undefined {
  const svg = chartSvg(chart);
  return svg === undefined
    ? undefined
    : html`<figure>
        <figcaption>${chart.y.label} against ${chart.x.label.toLowerCase()}</figcaption>
        ${svg}
      </figure>`;
}

function legendEntry(series: Series): Markup {
  return html`<li>
    <svg viewBox="-9 -9 18 18" aria-hidden="true">${marker(series.index, false)}</svg>${series.label}
  </li>`;
}

function hasRanges({ series }: Workload): boolean {
  return series.some(({ points }) => points.some(({ runs }) => runs !== undefined && runs.valid > 1));
}

function outOfPlot(invalid: number): string {
  if (invalid === 0) return '';
  return ` ${invalid} invalid ${invalid === 1 ? 'result is' : 'results are'} not drawn.`;
}
