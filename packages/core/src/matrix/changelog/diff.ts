/** A line of a file and its 1-based number there. */
export interface Line {
  readonly line: number;
  readonly text: string;
}

/** The parsed diff of one file. */
export interface FileDiff {
  /** Added lines at their positions in the new file, all others blank: positions in this text are positions in the file. */
  readonly added: string;
  /** With their line numbers in the old file. */
  readonly deleted: readonly Line[];
  /** Lines that InferenceX mistakes for the diff's headers, and therefore ignores; not included in the others. */
  readonly overlooked: { readonly added: readonly Line[]; readonly deleted: readonly Line[] };
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Reads a unified diff of one file. Hunks are read by their line counts, so no line is mistaken for a header. */
export function readDiff(diff: string): FileDiff {
  const added: Line[] = [];
  const deleted: Line[] = [];
  let before = { line: 0, left: 0 };
  let after = { line: 0, left: 0 };
  for (const text of diff.split(/\r?\n/)) {
    const hunk = before.left + after.left === 0 ? HUNK.exec(text) : null;
    if (hunk !== null) {
      before = { line: Number(hunk[1]), left: Number(hunk[2] ?? 1) };
      after = { line: Number(hunk[3]), left: Number(hunk[4] ?? 1) };
      continue;
    }
    if (before.left + after.left === 0 || text.startsWith('\\')) continue;
    if (text.startsWith('-')) deleted.push({ line: before.line, text: text.slice(1) });
    if (text.startsWith('+')) added.push({ line: after.line, text: text.slice(1) });
    if (!text.startsWith('+')) before = { line: before.line + 1, left: before.left - 1 };
    if (!text.startsWith('-')) after = { line: after.line + 1, left: after.left - 1 };
  }
  const likeHeader = (sign: string) => (line: Line) => line.text.startsWith(sign.repeat(2));
  return {
    added: place(added.filter((line) => !likeHeader('+')(line))),
    deleted: deleted.filter((line) => !likeHeader('-')(line)),
    overlooked: { added: added.filter(likeHeader('+')), deleted: deleted.filter(likeHeader('-')) },
  };
}

function place(lines: readonly Line[]): string {
  const placed = Array<string>(lines.at(-1)?.line ?? 0).fill('');
  for (const { line, text } of lines) placed[line - 1] = text;
  return placed.join('\n');
}
