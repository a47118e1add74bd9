import { type Scale, tickText } from '../../../report/scale.js';
import { html, type Markup } from './markup.js';

/** What an axis shows. */
export interface Axis {
  readonly label: string;
  readonly unit: string;
}

/** What a drawing is, also for those who don't see it. */
export interface Drawn {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
}

const SIZE = { width: 640, height: 420 };
export const PLOT = { left: 68, top: 36, right: 612, bottom: 364 };

/** One inline SVG: what is in it, over a grid with two axes. */
export function drawing(
  drawn: Drawn,
  scales: { readonly x: Scale; readonly y: Scale },
  inside: Markup,
): Markup {
  const { id, title, description } = drawn;
  return html`<svg
    viewBox="0 0 ${SIZE.width} ${SIZE.height}"
    role="img"
    aria-labelledby="${id}-title ${id}-desc"
  >
    <title id="${id}-title">${title}</title>
    <desc id="${id}-desc">${description}</desc>
    ${grid(scales.x, scales.y)} ${axisLabels(drawn)} ${inside}
  </svg>`;
}

function grid(x: Scale, y: Scale): Markup {
  const { left, right, top, bottom } = PLOT;
  return html`<g class="grid">
    ${y.ticks.map(
      (tick) =>
        html`<path d="M${left} ${yAt(y, tick)}H${right}" />
          <text x="${left - 8}" y="${yAt(y, tick)}" dy="0.32em" text-anchor="end">${tickText(tick)}</text>`,
    )}
    ${x.ticks.map(
      (tick) =>
        html`<path d="M${xAt(x, tick)} ${top}V${bottom}" />
          <text x="${xAt(x, tick)}" y="${bottom + 20}" text-anchor="middle">${tickText(tick)}</text>`,
    )}
    <path class="axis" d="M${left} ${top}V${bottom}H${right}" />
  </g>`;
}

/** Nothing is turned: there is room for large letters on a small screen. */
function axisLabels({ x, y }: Drawn): Markup {
  return html`<g class="axis-label">
    <text x="${(PLOT.left + PLOT.right) / 2}" y="${SIZE.height - 10}" text-anchor="middle"
      >${axisText(x)}</text
    >
    <text x="4" y="18">${axisText(y)}</text>
  </g>`;
}

function axisText({ label, unit }: Axis): string {
  return `${label} (${unit})`;
}

export function xAt(scale: Scale, value: number): number {
  return rounded(PLOT.left + scale.at(value) * (PLOT.right - PLOT.left));
}

export function yAt(scale: Scale, value: number): number {
  return rounded(PLOT.bottom - scale.at(value) * (PLOT.bottom - PLOT.top));
}

function rounded(position: number): number {
  return Math.round(position * 10) / 10;
}
