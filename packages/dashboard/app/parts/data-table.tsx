import './data-table.css';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { numberText } from '../../src/model/number-text.js';
import {
  formatSorting,
  hasWords,
  orderOf,
  parseSorting,
  type SortValue,
  type Sorting,
} from '../../src/model/table-order.js';
import { changed, goTo, type Change, type Place } from '../state/url.js';

export interface TableColumn<R> {
  /** Its name in the address. */
  readonly key: string;
  readonly label: string;
  readonly unit?: string;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
  /** What the table is sorted by and searched in. */
  readonly value: (row: R) => SortValue;
  /** What is shown; by default the value. */
  readonly cell?: (row: R) => ComponentChildren;
}

export interface DataTableProps<R> {
  readonly caption: string;
  /** The same array from one drawing to the next (useMemo, or a constant), as sorting is kept for it. */
  readonly columns: readonly TableColumn<R>[];
  readonly rows: readonly R[];
  readonly place: Place;
  /** Begin of its parameters in the address, where a page has several tables: `metrics.sort`. */
  readonly name?: string;
  /** The order at first, such as `-conc`; by default that of the rows. */
  readonly sorted?: string;
  /** Rows of a page; 100 by default. */
  readonly pageSize?: number;
  /** What is said when there is no row. */
  readonly empty?: string;
}

const ROWS_PER_PAGE = 100;
/** Tables of fewer rows are read faster than searched. */
const SEARCHED_FROM = 8;

/** A table that is sorted by its headers, filtered by words and paged; the address has all three. */
export function DataTable<R>(props: DataTableProps<R>) {
  const { caption, columns, rows, place, name, sorted, pageSize = ROWS_PER_PAGE } = props;
  const nameOf = (param: string): string => (name === undefined ? param : `${name}.${param}`);
  const set = (change: Change): void => goTo(changed(place, change), { replace: true });

  const search = (place.params[nameOf('q')] ?? '').trim();
  const sorting = parseSorting(place.params[nameOf('sort')] ?? sorted);
  const shown = useShownRows(props, sorting, search);
  const pages = Math.max(1, Math.ceil(shown.length / pageSize));
  const page = Math.min(pages, Math.max(1, Math.floor(Number(place.params[nameOf('page')] ?? 1)) || 1));
  const first = (page - 1) * pageSize;

  if (rows.length === 0) return <p class="empty">{props.empty ?? 'There are none.'}</p>;
  return (
    <div class="data-table">
      {rows.length >= SEARCHED_FROM && (
        <p class="table-tools">
          <label>
            Search{' '}
            <input
              type="search"
              value={place.params[nameOf('q')] ?? ''}
              onInput={({ currentTarget: { value } }) =>
                set({ [nameOf('q')]: value, [nameOf('page')]: undefined })
              }
            />
          </label>
          <span role="status">{countText(shown.length, rows.length)}</span>
        </p>
      )}
      <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
        <table>
          <caption>{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <HeaderCell
                  key={column.key}
                  column={column}
                  sorting={sorting}
                  onSort={(to) => set({ [nameOf('sort')]: formatSorting(to), [nameOf('page')]: undefined })}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.slice(first, first + pageSize).map((row) => (
              <Row key={row} columns={columns} row={rows[row] as R} />
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <Pages
          caption={caption}
          page={page}
          pages={pages}
          onPage={(to) => set({ [nameOf('page')]: to === 1 ? undefined : String(to) })}
        />
      )}
    </div>
  );
}

function useShownRows<R>(
  { columns, rows }: DataTableProps<R>,
  sorting: Sorting | undefined,
  search: string,
): readonly number[] {
  const column = columns.find(({ key }) => key === sorting?.key);
  const order = useMemo(
    () =>
      column === undefined
        ? rows.map((_, row) => row)
        : orderOf(rows.map(column.value), sorting?.isDescending ?? false),
    [rows, column, sorting?.isDescending],
  );
  const isSearched = search !== '';
  const texts = useMemo(
    () =>
      isSearched
        ? rows.map((row) =>
            columns
              .map(({ value }) => searchedText(value(row)))
              .join('\n')
              .toLowerCase(),
          )
        : [],
    [rows, columns, isSearched],
  );
  return useMemo(
    () => (isSearched ? order.filter((row) => hasWords(texts[row] ?? '', search)) : order),
    [order, texts, search, isSearched],
  );
}

function searchedText(value: SortValue): string {
  return value === undefined ? '' : String(value);
}

function HeaderCell<R>({ column, sorting, onSort }: HeaderCellProps<R>) {
  const isSorted = sorting?.key === column.key;
  const direction = sorting?.isDescending === true ? 'descending' : 'ascending';
  return (
    <th
      scope="col"
      class={column.isNumber === true ? 'number' : undefined}
      aria-sort={isSorted ? direction : undefined}
    >
      <button
        type="button"
        class="sort"
        onClick={() =>
          onSort({
            key: column.key,
            // Of numbers the largest are asked for first.
            isDescending: isSorted ? !sorting.isDescending : column.isNumber === true,
          })
        }
      >
        {column.label}
        {column.unit !== undefined && column.unit !== '' && <span class="unit"> ({column.unit})</span>}
        <span class="direction" aria-hidden="true">
          {isSorted ? (sorting.isDescending ? '▼' : '▲') : ''}
        </span>
      </button>
    </th>
  );
}

interface HeaderCellProps<R> {
  readonly column: TableColumn<R>;
  readonly sorting: Sorting | undefined;
  readonly onSort: (sorting: Sorting) => void;
}

function Row<R>({ columns, row }: { readonly columns: readonly TableColumn<R>[]; readonly row: R }) {
  return (
    <tr>
      {columns.map(({ key, isNumber, cell, value }) => (
        <td key={key} class={isNumber === true ? 'number' : undefined}>
          {cell === undefined ? valueText(value(row)) : cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** A value as text; `–` is what is missing. */
export function valueText(value: SortValue): string {
  if (value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? numberText(value) : value;
}

function Pages({ caption, page, pages, onPage }: PagesProps) {
  return (
    <nav class="pages" aria-label={`Pages of ${caption}`}>
      <button type="button" disabled={page === 1} onClick={() => onPage(page - 1)}>
        Previous
      </button>
      <span role="status">
        Page {numberText(page)} of {numberText(pages)}
      </span>
      <button type="button" disabled={page === pages} onClick={() => onPage(page + 1)}>
        Next
      </button>
    </nav>
  );
}

interface PagesProps {
  readonly caption: string;
  readonly page: number;
  readonly pages: number;
  readonly onPage: (page: number) => void;
}

function countText(shown: number, all: number): string {
  return shown === all ? `${numberText(all)} rows` : `${numberText(shown)} of ${numberText(all)} rows`;
}
