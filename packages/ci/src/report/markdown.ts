import { markdownText } from '@sweepline/core';

/** Text that others wrote: it neither starts markup, nor calls anybody, nor becomes a link. */
export function quoted(text: string): string {
  return withoutCalls(markdownText(text));
}

/** The same for Markdown whose texts are escaped: a zero-width space follows what would call people or become a link. */
export function withoutCalls(markdown: string): string {
  return markdown
    .replaceAll(/@(?=[\w-])/g, '@\u200b')
    .replaceAll(/:\/\//g, ':\u200b//')
    .replaceAll(/\bwww\./gi, 'www\u200b.')
    .replaceAll(/#(?=\d)/g, '#\u200b');
}

/** Of a cell: a message may hold a whole log. */
const MOST_OF_A_CELL = 400;

/** A table of quoted cells; long ones are cut. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => quoted(shortened(cell))).join(' | ')} |`;
  return [line(headers), `|${headers.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function shortened(cell: string): string {
  return cell.length <= MOST_OF_A_CELL ? cell : `${cell.slice(0, MOST_OF_A_CELL)}…`;
}
