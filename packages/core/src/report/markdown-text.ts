import { onOneLine } from '../printable.js';

/** Escapes text for Markdown: nothing in it starts markup, a cell or a new line. */
export function inline(text: string): string {
  return onOneLine(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*[\]<>|]/g, '\\$&');
}
