import { onOneLine } from '../../printable.js';

/** Lines of at most `width` characters, broken between words; continuation lines are indented by two more. */
export function wrap(text: string, width: number): string[] {
  const indent = text.slice(0, text.length - text.trimStart().length);
  const lines: string[] = [];
  let line = indent;
  for (const word of onOneLine(text).trim().split(/\s+/)) {
    if (line.trim() !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent === '' ? '' : `${indent}  `;
    }
    line += line.trim() === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}
