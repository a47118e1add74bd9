export type CsvValue = string | number | boolean | undefined;

/** A table as CSV (RFC 4180, CRLF). Missing values are empty, and no cell is a formula. */
export function csvText(header: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  const lines = [header, ...rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`);
  return lines.join('');
}

/** Spreadsheets evaluate cells that begin like this; an apostrophe in front makes them text. As in core's reports. */
const FORMULA = /^[=+@\t\r-]/;

function csvCell(value: CsvValue): string {
  const given = String(value ?? '');
  const text = FORMULA.test(given) && Number.isNaN(Number(given)) ? `'${given}` : given;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
