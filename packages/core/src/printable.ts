/** Control characters (C0, C1, DEL) except tab and line feed, and characters that reorder text; names and server output may hold them. */
const UNSEEN = /[\0-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
/** Symbols for control characters: `␛` stands for escape. */
const PICTURES = 0x2400;
const DELETE = 0x7f;
/** Workflow commands that GitHub's runner finds in a log: `::` at the start of a line, `##[` anywhere. */
const COMMAND = /^(\s*):(?=:)|##(?=\[)/gmu;

/**
 * Makes text safe for a terminal and a CI log: nothing in it moves the cursor, sets a title, reorders characters or is a workflow command.
 * Line ends stay.
 */
export function printable(text: string): string {
  return text.replaceAll(UNSEEN, pictureOf).replaceAll(COMMAND, (found) => `${found} `);
}

/** The same on one line, for names and messages within a line. */
export function onOneLine(text: string): string {
  return printable(text.replaceAll(/\s*[\r\n\u2028\u2029]\s*/gu, ' '));
}

/** Replaces one character with one, so that columns don't move. */
function pictureOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code === DELETE) return '\u2421';
  return code < ' '.charCodeAt(0) ? String.fromCharCode(PICTURES + code) : '\ufffd';
}
