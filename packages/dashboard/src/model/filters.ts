import type { ColumnData, TableData } from '../site/table.js';
import type { SiteRun } from '../site/site-data.js';
import { flagAt, numberAt, rowsOf, textAt, textsAt } from './cells.js';
import { numberText } from './number-text.js';
import { outcomeOf } from './outcomes.js';
import { lengthWords } from './point-words.js';
import { readFrom } from './read-from.js';
import { hasWords } from './table-order.js';

/** Something that points are chosen by. Its key is its name in the address. */
export interface Facet {
  readonly key: string;
  readonly label: string;
  /** What is chosen where the address says nothing; all otherwise. */
  readonly first?: readonly string[];
  /** Values of a row: none where it is missing. */
  readonly valuesOf: (points: TableData, row: number) => readonly string[];
}

const one = (value: string | undefined): readonly string[] =>
  value === undefined || value === '' ? [] : [value];
const text =
  (...names: readonly string[]): Facet['valuesOf'] =>
  (points, row) =>
    one(names.map((name) => textAt(points, name, row)).find((value) => value !== undefined && value !== ''));

const yesNo =
  (name: string): Facet['valuesOf'] =>
  (points, row) => {
    const flag = flagAt(points, name, row);
    return flag === undefined ? [] : [flag ? 'yes' : 'no'];
  };

/** Facets that say what was measured come first. */
export const FACETS: readonly Facet[] = [
  { key: 'model', label: 'Model', valuesOf: text('infmax_model_prefix', 'model') },
  {
    ...{ key: 'lengths', label: 'Lengths or workload' },
    valuesOf: (points, row) => one(lengthsAt(points, row) ?? textAt(points, 'load', row)),
  },
  { key: 'precision', label: 'Precision', valuesOf: text('precision') },
  { key: 'sku', label: 'Hardware', valuesOf: text('sku', 'hw') },
  { key: 'framework', label: 'Framework', valuesOf: text('framework') },
  { key: 'spec', label: 'Speculative decoding', valuesOf: text('spec_decoding') },
  { key: 'disagg', label: 'Disaggregated', valuesOf: yesNo('disagg') },
  {
    key: 'conc',
    label: 'Concurrency',
    valuesOf: (points, row) => one(numberWords(numberAt(points, 'conc', row))),
  },
  { key: 'origin', label: 'Origin', valuesOf: text('origin') },
  { key: 'run', label: 'Run', valuesOf: text('run') },
  { key: 'date', label: 'Date', valuesOf: text('date') },
  { key: 'from', label: 'Read from', valuesOf: (points, row) => one(readFrom(points, row)) },
  { key: 'marks', label: 'Marks', valuesOf: (points, row) => textsAt(points, 'marks', row) },
  { key: 'state', label: 'Outcome', first: ['valid'], valuesOf: (points, row) => [outcomeOf(points, row)] },
  {
    ...{ key: 'copies', label: 'Imported twice', first: ['no'] },
    valuesOf: (points, row) => [flagAt(points, 'is_duplicate', row) === true ? 'yes' : 'no'],
  },
];

/** What is chosen of points that lack it. */
export const MISSING = '(none)';
/** Chooses all, where fewer are chosen at first. */
export const ALL = '*';

/** Few different numbers are in many rows, and wording one takes long. */
const worded = new Map<string, string | undefined>();

function once(key: string, words: () => string | undefined): string | undefined {
  if (!worded.has(key)) worded.set(key, words());
  return worded.get(key);
}

function numberWords(value: number | undefined): string | undefined {
  return value === undefined ? undefined : once(String(value), () => numberText(value));
}

function lengthsAt(points: TableData, row: number): string | undefined {
  const [isl, osl] = [numberAt(points, 'isl', row), numberAt(points, 'osl', row)];
  return once(`${isl ?? ''}/${osl ?? ''}`, () => lengthWords(points, row));
}

/** The points with the day of each: of its begin, else of its run's, else of its end, which is all that imports have. */
export function withDates(points: TableData, runs: readonly SiteRun[]): TableData {
  const begins = new Map(runs.map(({ run, startedAt }) => [run, startedAt]));
  const names: string[] = [];
  const known = new Map<string, number>();
  const codes = rowsOf(points).map((row) => {
    const begin =
      textAt(points, 'started_at', row) ??
      begins.get(textAt(points, 'run', row) ?? '') ??
      textAt(points, 'finished_at', row);
    if (begin === undefined) return null;
    const day = begin.slice(0, 10);
    const code = known.get(day) ?? names.push(day) - 1;
    known.set(day, code);
    return code;
  });
  const date: ColumnData = { type: 'text', names, codes };
  return { ...points, columns: { ...points.columns, date } };
}

/** A facet's values of all points, as indices into `names`. */
export interface FacetCodes {
  readonly facet: Facet;
  readonly names: readonly string[];
  readonly codes: readonly (readonly number[])[];
  /** The one code of a row, which most have; -1 where there are several. Counting by it is quick. */
  readonly single: Int32Array;
}

export function facetCodes(points: TableData): readonly FacetCodes[] {
  return FACETS.map((facet) => {
    const known = new Map<string, number>();
    // Rows share what they have in common: there are few different lists of values.
    const lists = new Map<string, readonly number[]>();
    const codes = rowsOf(points).map((row) => {
      const values = facet.valuesOf(points, row);
      const key = values.join('\u0000');
      const list =
        lists.get(key) ?? (values.length === 0 ? [MISSING] : values).map((value) => codeOf(known, value));
      lists.set(key, list);
      return list;
    });
    const single = Int32Array.from(codes, (list) => (list.length === 1 ? (list[0] ?? -1) : -1));
    return { facet, names: [...known.keys()], codes, single };
  });
}

function codeOf(known: Map<string, number>, value: string): number {
  const code = known.get(value) ?? known.size;
  known.set(value, code);
  return code;
}

/** What is chosen of each facet, by its key; all where there is no entry. */
export type Choice = ReadonlyMap<string, ReadonlySet<string>>;

export interface Option {
  readonly value: string;
  /** Points that are shown if it is chosen, as all other facets are. */
  readonly count: number;
  readonly isChosen: boolean;
}

export interface Found {
  /** Rows that all facets and the search let through. */
  readonly rows: readonly number[];
  /** Rows that all but the outcome let through. */
  readonly ofAnyOutcome: readonly number[];
  readonly options: ReadonlyMap<string, readonly Option[]>;
}

/** @param texts of rows in lower case; read only if something is searched for */
export function findRows(
  facets: readonly FacetCodes[],
  choice: Choice,
  search: { readonly words: string; readonly texts: () => readonly string[] },
): Found {
  const allowed = facets.map(({ facet, names }) => {
    const chosen = choice.get(facet.key);
    return chosen && names.map((name) => chosen.has(name));
  });
  const limits = allowed.flatMap((list, facet) => (list === undefined ? [] : [{ facet, list }]));
  const counts = facets.map(({ names }) => new Int32Array(names.length));
  const rowCount = facets[0]?.codes.length ?? 0;
  const outcome = facets.findIndex(({ facet }) => facet.key === 'state');
  const texts = search.words === '' ? undefined : search.texts();
  const [rows, ofAnyOutcome]: [number[], number[]] = [[], []];
  for (let row = 0; row < rowCount; row += 1) {
    if (texts !== undefined && !hasWords(texts[row] ?? '', search.words)) continue;
    const blocker = blockerOf(facets, limits, row);
    if (blocker === BLOCKED) continue;
    if (blocker === FREE) rows.push(row);
    if (blocker === FREE || blocker === outcome) ofAnyOutcome.push(row);
    if (blocker !== FREE) count(facets[blocker], counts[blocker], row);
    else for (let facet = 0; facet < facets.length; facet += 1) count(facets[facet], counts[facet], row);
  }
  const options = facets.map(
    (codes, index) => [codes.facet.key, optionsOf(codes, counts[index], choice)] as const,
  );
  return { rows, ofAnyOutcome, options: new Map(options) };
}

function count(facet: FacetCodes | undefined, counts: Int32Array | undefined, row: number): void {
  if (facet === undefined || counts === undefined) return;
  const code = facet.single[row] ?? -1;
  if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  else for (const one of facet.codes[row] ?? []) counts[one] = (counts[one] ?? 0) + 1;
}

/** A facet of which not all is let through, and whether each of its codes is. */
interface Limit {
  readonly facet: number;
  readonly list: readonly boolean[];
}

const FREE = -1;
const BLOCKED = -2;

/** Index of the one facet that keeps a row out; FREE if none does, BLOCKED if several do. */
function blockerOf(facets: readonly FacetCodes[], limits: readonly Limit[], row: number): number {
  let blocker = FREE;
  for (const { facet, list } of limits) {
    if (hasAllowed(facets[facet]?.codes[row], list)) continue;
    if (blocker !== FREE) return BLOCKED;
    blocker = facet;
  }
  return blocker;
}

function hasAllowed(codes: readonly number[] | undefined, allowed: readonly boolean[]): boolean {
  for (const code of codes ?? []) if (allowed[code] === true) return true;
  return false;
}

const COLLATOR = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function optionsOf(
  { facet, names }: FacetCodes,
  counts: Int32Array | undefined,
  choice: Choice,
): readonly Option[] {
  const chosen = choice.get(facet.key);
  const options = names.map((value, code) => ({
    value,
    count: counts?.[code] ?? 0,
    isChosen: chosen?.has(value) === true,
  }));
  // Choices of a link that this site has nothing of stay visible, so that they can be taken back.
  const unknown = [...(chosen ?? [])].filter((value) => !names.includes(value));
  return [...options, ...unknown.map((value) => ({ value, count: 0, isChosen: true }))].sort((a, b) =>
    COLLATOR.compare(a.value, b.value),
  );
}

/** Facets of a choice without any one of which there would be points, with how many; to say what to loosen. */
export function loosening(
  found: Found,
  choice: Choice,
): readonly { readonly key: string; readonly count: number }[] {
  return [...choice.keys()].flatMap((key) => {
    const count = (found.options.get(key) ?? []).reduce((sum, option) => sum + option.count, 0);
    return count > 0 ? [{ key, count }] : [];
  });
}

/** Values of a facet as text of the address, and back. */
export function formatValues(values: Iterable<string>): string {
  return [...values].map((value) => value.replace(/[\\,*]/g, '\\$&')).join(',');
}

export function parseValues(text: string): readonly string[] {
  return (text.match(/(?:\\.|[^\\,])+/gs) ?? []).map((part) => part.replace(/\\(.)/gs, '$1'));
}
