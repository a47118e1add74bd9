import { styleText } from 'node:util';
import { printable } from './printable.js';

/** How parts of text for people are set apart: by colours on a terminal that supports them, otherwise not at all. */
export interface Style {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly caution: (text: string) => string;
  readonly hint: (text: string) => string;
}

const asItIs = (text: string): string => text;

export const PLAIN: Style = { good: asItIs, bad: asItIs, caution: asItIs, hint: asItIs };

/** Whether a stream shows colours is decided elsewhere: styleText alone would check only stdout. */
const paint =
  (colour: 'green' | 'red' | 'yellow' | 'cyan') =>
  (text: string): string =>
    styleText(colour, text, { validateStream: false });

export const COLOURED: Style = {
  good: paint('green'),
  bad: paint('red'),
  caution: paint('yellow'),
  hint: paint('cyan'),
};

/** The escape sequences of the colours above; the last one ends each of them. */
const COLOURS = /(\u001b\[(?:3[1236]|39)m)/u;

/** Text for a terminal (see `printable`) that keeps the colours of a style. */
export function printableInColour(text: string): string {
  return text
    .split(COLOURS)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join('');
}
