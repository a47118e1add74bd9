export type SortValue = number | string | boolean | undefined;

export interface Sorting {
  /** Key of a column. */
  readonly key: string;
  readonly isDescending: boolean;
}

/** `-conc` is `conc` with the largest first. */
export function parseSorting(text: string | undefined): Sorting | undefined {
  if (text === undefined || text === '') return undefined;
  return text.startsWith('-')
    ? { key: text.slice(1), isDescending: true }
    : { key: text, isDescending: false };
}

export function formatSorting({ key, isDescending }: Sorting): string {
  return isDescending ? `-${key}` : key;
}

const COLLATOR = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Row numbers in the order of their values. Equal ones keep their order, and what is missing comes last either way. */
export function orderOf(values: readonly SortValue[], isDescending: boolean): readonly number[] {
  const ranks = textRanks(values);
  const keys = values.map((value) => {
    if (value === undefined || (typeof value === 'number' && Number.isNaN(value))) return undefined;
    return typeof value === 'string' ? ranks.get(value) : Number(value);
  });
  const sign = isDescending ? -1 : 1;
  return values
    .map((_, row) => row)
    .sort((a, b) => {
      const [left, right] = [keys[a], keys[b]];
      if (left === undefined || right === undefined)
        return Number(left === undefined) - Number(right === undefined);
      // Infinite values are equal to themselves, though their difference is no number.
      return left === right ? 0 : sign * (left < right ? -1 : 1);
    });
}

/** Places of the distinct texts: there are few of them even in long tables, and comparing text is slow. */
function textRanks(values: readonly SortValue[]): ReadonlyMap<string, number> {
  const texts = [...new Set(values.filter((value) => typeof value === 'string'))].sort(COLLATOR.compare);
  const ranks = new Map<string, number>();
  let rank = 0;
  for (const [index, text] of texts.entries()) {
    const before = texts[index - 1];
    if (before !== undefined && COLLATOR.compare(before, text) !== 0) rank += 1;
    ranks.set(text, rank);
  }
  return ranks;
}

/** Whether a row, as text in lower case, has all words of what is searched for. */
export function hasWords(row: string, search: string): boolean {
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => row.includes(word));
}
