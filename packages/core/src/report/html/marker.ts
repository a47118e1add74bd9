import { html, type Markup } from './markup.js';

/** Outlines around (0, 0) with about the same area, so that series differ without colour too. */
const SHAPES = [
  'M-5 0A5 5 0 1 0 5 0A5 5 0 1 0 -5 0Z',
  'M-4.5 -4.5H4.5V4.5H-4.5Z',
  'M0 -6L5.6 4.4H-5.6Z',
  'M0 -6.2L6.2 0L0 6.2L-6.2 0Z',
  'M0 6L5.6 -4.4H-5.6Z',
  'M-1.8 -5.4H1.8V-1.8H5.4V1.8H1.8V5.4H-1.8V1.8H-5.4V-1.8H-1.8Z',
] as const;

export const COLOURS = 7;

/** Colour class of a series; with 7 colours and 6 shapes the first 42 series all look different. */
export function colourClass(index: number): string {
  return `c${index % COLOURS}`;
}

/** Hollow markers are results with notes. */
export function marker(index: number, noted: boolean, colour = colourClass(index)): Markup {
  const shape = SHAPES[index % SHAPES.length] ?? SHAPES[0];
  return html`<path class="marker ${colour}${noted ? ' noted' : ''}" d="${shape}" />`;
}
