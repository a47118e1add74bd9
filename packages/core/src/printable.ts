/** Controls (C0, C1, DEL) without tab and line feed, and characters that reorder text; names and server output may hold them. */
const UNSEEN = /[\0-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
/** Symbols for controls: `␛` stands for escape. */
const PICTURES = 0x2400;
const DELETE = 0x7f;
/** What GitHub's runner takes for a command where a log holds it: `::` at the start of a line, `##[` anywhere. */
const COMMAND = /^(\s*):(?=:)|##(?=\[)/gmu;

/**
 * Text as a terminal and a CI log may show it: nothing in it moves the cursor, sets a title, reorders characters or is a
 * workflow command. Line ends stay.
 */
export function printable(text: string): string {
  return text.replaceAll(UNSEEN, pictureOf).replaceAll(COMMAND, (found) => `${found} `);
}

/** The same on one line, for names and messages within a line. */
export function onOneLine(text: string): string {
  return printable(text.replaceAll(/\s*[\r\n\u2028\u2029]\s*/gu, ' '));
}

/** One character for one, so that columns stay where they are. */
function pictureOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code === DELETE) return '\u2421';
  return code < ' '.charCodeAt(0) ? String.fromCharCode(PICTURES + code) : '\ufffd';
}
