import type { FileChange } from './patch.js';

const CONTEXT = 3;

/** A unified diff of files in which lines were replaced one by one, or appended: what `git apply` takes. */
export function unifiedDiff(changes: readonly FileChange[]): string {
  return changes.map(fileDiff).join('');
}

function fileDiff({ file, before, after }: FileChange): string {
  const [old, now] = [linesOf(before ?? ''), linesOf(after)];
  const changed = Array.from({ length: Math.max(old.length, now.length) }, (_, index) => index).filter(
    (index) => old[index] !== now[index],
  );
  const from = before === undefined ? '/dev/null' : `a/${file}`;
  const created = before === undefined ? 'new file mode 100644\n' : '';
  const hunks = grouped(changed).map(([first, last]) => hunk(old, now, first, last));
  return `diff --git a/${file} b/${file}\n${created}--- ${from}\n+++ b/${file}\n${hunks.join('')}`;
}

/** Each with its line end; the last may have none. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Runs of changes whose contexts meet: their first and last lines. */
function grouped(changed: readonly number[]): readonly (readonly [number, number])[] {
  const groups: [number, number][] = [];
  for (const index of changed) {
    const last = groups.at(-1);
    if (last !== undefined && index - last[1] <= 2 * CONTEXT) last[1] = index;
    else groups.push([index, index]);
  }
  return groups;
}

function hunk(old: readonly string[], now: readonly string[], first: number, last: number): string {
  const start = Math.max(0, first - CONTEXT);
  const [oldEnd, newEnd] = [
    Math.min(old.length, last + CONTEXT + 1),
    Math.min(now.length, last + CONTEXT + 1),
  ];
  const lines: string[] = [];
  for (let index = start; index < Math.max(oldEnd, newEnd); index++) {
    const [was, is] = [index < oldEnd ? old[index] : undefined, index < newEnd ? now[index] : undefined];
    if (was === is && was !== undefined) lines.push(signed(' ', was));
    else
      lines.push(
        ...(was === undefined ? [] : [signed('-', was)]),
        ...(is === undefined ? [] : [signed('+', is)]),
      );
  }
  return `@@ -${range(start, oldEnd)} +${range(start, newEnd)} @@\n${lines.join('')}`;
}

function range(start: number, end: number): string {
  return `${end === start ? start : start + 1},${end - start}`;
}

function signed(sign: string, line: string): string {
  return line.endsWith('\n') ? `${sign}${line}` : `${sign}${line}\n\\ No newline at end of file\n`;
}
