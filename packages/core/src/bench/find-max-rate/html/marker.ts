import type { Verdict } from '../decide.js';
import { html, type Markup } from './markup.js';

/** Outlines around (0, 0) with about the same area, so that verdicts differ without colour too. */
const SHAPES: Readonly<Record<Verdict, string>> = {
  holds: 'M-5 0A5 5 0 1 0 5 0A5 5 0 1 0 -5 0Z',
  fails: 'M-4.5 -4.5H4.5V4.5H-4.5Z',
  open: 'M0 -6.2L6.2 0L0 6.2L-6.2 0Z',
};

/** Hollow markers are invalid probes. */
export function marker(verdict: Verdict, isInvalid = false): Markup {
  return html`<path class="marker ${verdict}${isInvalid ? ' hollow' : ''}" d="${SHAPES[verdict]}" />`;
}
