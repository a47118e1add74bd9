/** Lines shown before and after the marked line. */
const CONTEXT = 2;
/** The most columns of a line that are shown. */
const WIDTH = 160;

/** The lines around a place, with a caret under it; line and column are 1-based. Empty if the text has no such line. */
export function codeFrame(text: string, line: number, column = 1): string {
  const lines = text.split(/\r?\n/);
  if (lines[line - 1] === undefined) return '';
  const first = Math.max(1, line - CONTEXT);
  const shown = lines.slice(first - 1, line + CONTEXT);
  const width = String(first + shown.length - 1).length;
  return shown
    .flatMap((content, index) => {
      const number = first + index;
      const mark = number === line ? '>' : ' ';
      const row = `${mark} ${String(number).padStart(width)} | ${content.slice(0, WIDTH)}`.trimEnd();
      return number === line && column <= WIDTH ? [row, caret(content, column, width)] : [row];
    })
    .join('\n');
}

/** Tabs stay tabs, so that the caret is in the right place whatever their width. */
function caret(content: string, column: number, width: number): string {
  return `  ${' '.repeat(width)} | ${content.slice(0, column - 1).replaceAll(/[^\t]/g, ' ')}^`;
}
