/** A position in a text, both 1-based. */
export interface LineAndColumn {
  readonly line: number;
  readonly column: number;
}

/** Finds lines and columns by offset; the text is scanned once, at the first call. */
export function createLineFinder(source: string): (offset: number) => LineAndColumn {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= [0, ...Array.from(source.matchAll(/\n/g), ({ index }) => index + 1)];
    const line = lastNotAbove(starts, offset);
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

/** Index of the last of several ascending numbers that isn't above a value; the first never is. */
function lastNotAbove(numbers: readonly number[], value: number): number {
  let [low, high] = [0, numbers.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((numbers[middle] ?? Infinity) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
