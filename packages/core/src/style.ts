import { styleText } from 'node:util';
import { printable } from './printable.js';

/** How parts of what people read are told apart: by colours on a terminal that shows them, not at all elsewhere. */
export interface Style {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly caution: (text: string) => string;
  readonly hint: (text: string) => string;
}

const asItIs = (text: string): string => text;

export const PLAIN: Style = { good: asItIs, bad: asItIs, caution: asItIs, hint: asItIs };

/** Whether a stream shows colours was decided before: styleText itself would look at stdout alone. */
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

/** What the colours above are written as; the last one is the end of each. */
const COLOURS = /(\u001b\[(?:3[1236]|39)m)/u;

/** Text for a terminal (see `printable`) in which the colours of a style stay. */
export function printableInColour(text: string): string {
  return text
    .split(COLOURS)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join('');
}
