import type { Comparison } from './judgements.js';

/** More bars than this can't be read. */
const MOST_BARS = 24;
/** Metrics that decide come in the order of their weight; the later ones say much the same. */
const MOST_CHARTS = 2;

/**
 * A picture of how the curves have changed, one for each of the first metrics that decide: a Mermaid chart, which GitHub draws in comments, so that
 * no image has to lie anywhere.
 */
export function changeChart({ curves }: Comparison): readonly string[] {
  const deciding = curves.filter(({ decides, change }) => decides && Number.isFinite(change));
  const metrics = [...new Set(deciding.map(({ metric }) => metric))].slice(0, MOST_CHARTS);
  return metrics.map((metric) =>
    chart(
      metric,
      deciding.filter((curve) => curve.metric === metric),
    ),
  );
}

function chart(metric: string, all: Comparison['curves']): string {
  const shown = all.toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change)).slice(0, MOST_BARS);
  const changes = shown.map(({ change }) => (100 * change).toFixed(2));
  const bound = Math.max(1, Math.ceil(Math.max(...shown.map(({ change }) => Math.abs(100 * change)))));
  return [
    '```mermaid',
    'xychart-beta horizontal',
    `  title "Change of ${label(metric)}, %"`,
    `  x-axis [${shown.map(({ curve, verdict }) => `"${label(curve)} (${verdict})"`).join(', ')}]`,
    `  y-axis "%" ${-bound} --> ${bound}`,
    `  bar [${changes.join(', ')}]`,
    '```',
    ...(all.length > MOST_BARS ? [`\nThe ${MOST_BARS} largest of ${all.length} changes.`] : []),
  ].join('\n');
}

/** Names in a chart have letters, digits and a few signs, and nothing that ends a string or a block. */
function label(text: string): string {
  return text
    .replaceAll(/[^\w. /+-]+/g, ' ')
    .trim()
    .slice(0, 60);
}
