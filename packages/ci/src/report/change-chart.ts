import type { Comparison } from './judgements.js';

/** More bars than this can't be read. */
const MOST_BARS = 24;
/** Metrics that decide come in the order of their weight; the later ones say much the same. */
const MOST_CHARTS = 2;

/**
 * A picture of how the curves have changed, one for each of the first metrics that decide: a Mermaid chart, which GitHub draws in
 * comments, so that no image has to lie anywhere. Its bars begin where its axis does, which therefore is at 0.
 */
export function changeChart({ a, curves }: Comparison): readonly string[] {
  const deciding = curves.filter(({ decides, change }) => decides && Number.isFinite(change));
  const metrics = [...new Set(deciding.map(({ metric }) => metric))].slice(0, MOST_CHARTS);
  return metrics.map((metric) =>
    chart(
      `${label(metric)}, % of ${label(a)}`,
      deciding.filter((curve) => curve.metric === metric),
    ),
  );
}

function chart(title: string, all: Comparison['curves']): string {
  const shown = all.toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change)).slice(0, MOST_BARS);
  const shares = shown.map(({ change }) => 100 * (1 + change));
  const names = shown.map(({ curve, verdict }) => `"${label(curve)} (${verdict})"`);
  return [
    '```mermaid',
    'xychart-beta horizontal',
    `  title "${title}"`,
    `  x-axis [${names.join(', ')}]`,
    `  y-axis "%" 0 --> ${Math.ceil(Math.max(100, ...shares) / 10) * 10 + 10}`,
    `  bar [${shares.map((share) => share.toFixed(2)).join(', ')}]`,
    `  line [${shares.map(() => 100).join(', ')}]`,
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
