import { drawing, PLOT, xAt, yAt } from './html/axes.js';
import { marker } from './html/marker.js';
import { html, type Markup } from './html/markup.js';
import { logScale, scaleTo, type Scale } from '../../report/scale.js';
import { DOUBT } from './decide.js';
import { intervalOf, pool } from './evidence.js';
import { describe, type Found, type JudgedProbe } from './find.js';
import { objectiveText } from './objectives.js';
import { verdictText } from './report.js';

const X = {
  rate: { label: 'Rate', unit: 'requests/s' },
  concurrency: { label: 'Concurrency', unit: 'requests in flight' },
} as const;
const Y = { label: 'Requests that keep it', unit: '%' };
const PERCENT = scaleTo(100);

/** Share of the requests that kept an objective at each value, with the bracket; nothing where no probe has shown any. */
export function searchChart(found: Found, objective: number): Markup | undefined {
  const shown = found.probes.filter((probe) => hasEvidence(probe, objective));
  const goal = found.objectives[objective];
  if (shown.length === 0 || goal === undefined) return undefined;
  const values = shown.map(({ value }) => value);
  const x = logScale(Math.min(...values), Math.max(...values));
  const title = `Share of the requests with ${objectiveText(goal).replace(/^.* keep /, '')}`;
  return html`<figure>
    <figcaption>${title}</figcaption>
    ${drawing(
      {
        ...{ id: `objective-${objective}`, title, x: X[found.quantity], y: Y },
        description: `${shown.length} probes. The numbers are in the table.`,
      },
      { x, y: PERCENT },
      html`${bracketArea(found, x)}
        <path class="goal" d="M${PLOT.left} ${yAt(PERCENT, 100 * goal.share)}H${PLOT.right}" />
        ${shown.flatMap((probe) => mark(probe, objective, found, x) ?? [])}`,
    )}
    <ul class="legend" aria-label="Verdicts">
      ${(['holds', 'fails', 'open'] as const).map(
        (verdict) =>
          html`<li><svg viewBox="-9 -9 18 18" aria-hidden="true">${marker(verdict)}</svg>${verdict}</li>`,
      )}
    </ul>
    <p class="caption">${captionOf(found, objective)}</p>
  </figure>`;
}

function captionOf({ objectives, bracket, probes }: Found, objective: number): string {
  const isShaded = bracket.holds !== undefined || bracket.fails !== undefined;
  const hasInvalid = probes.some(({ invalid }) => invalid !== undefined);
  return [
    ...(isShaded ? ['Shaded: between where the objectives hold and where they fail.'] : []),
    `Broken line: the share that must keep it, ${Number((100 * (objectives[objective]?.share ?? 1)).toFixed(4))} %.`,
    'Bars: the interval of each probe by itself; its verdict also counts what other probes say.',
    ...(hasInvalid ? ['Hollow: an invalid probe, which says nothing.'] : []),
  ].join(' ');
}

function hasEvidence({ seen }: JudgedProbe, objective: number): boolean {
  return (seen.evidence[objective]?.requests ?? 0) > 0;
}

/** From one end to the other; to the edge where an end isn't known. */
function bracketArea({ bracket: { holds, fails } }: Found, x: Scale): Markup | undefined {
  if (holds === undefined && fails === undefined) return undefined;
  const from = holds === undefined ? PLOT.left : xAt(x, holds);
  const to = fails === undefined ? PLOT.right : xAt(x, fails);
  return html`<path class="bracket" d="M${from} ${PLOT.top}H${to}V${PLOT.bottom}H${from}Z" />`;
}

function mark(probe: JudgedProbe, objective: number, { quantity }: Found, x: Scale): Markup | undefined {
  const evidence = probe.seen.evidence[objective];
  if (evidence === undefined) return undefined;
  const { low, high } = intervalOf(pool([evidence]), DOUBT);
  const at = xAt(x, probe.value);
  const y = (share: number): number => yAt(PERCENT, 100 * share);
  return html`<g class="point ${probe.verdict}">
    <title>
      ${describe(probe.value, quantity)}: ${verdictText(probe)}; ${(100 * evidence.kept).toFixed(1)} % of
      ${evidence.requests} requests
    </title>
    <path class="line" d="M${at} ${y(low)}V${y(high)}" />
    <g transform="translate(${at} ${y(evidence.kept)})">
      ${marker(probe.verdict, probe.invalid !== undefined)}
    </g>
  </g>`;
}
