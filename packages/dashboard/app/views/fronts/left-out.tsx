import { useMemo } from 'preact/hooks';
import { textAt, textsAt } from '../../../src/model/cells.js';
import { outcomeOf } from '../../../src/model/outcomes.js';
import { pointWords } from '../../../src/model/point-words.js';
import type { TableData } from '../../../src/site/table.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import { Disclosure } from '../../parts/disclosure.js';
import { pointLink } from '../../state/links.js';
import type { Place } from '../../state/url.js';

interface LeftOutProps {
  readonly points: TableData;
  /** What the filters let through, whatever its outcome. */
  readonly rows: readonly number[];
  /** Rows without a number on one of the axes. */
  readonly lacking: readonly number[];
  readonly place: Place;
}

/** Points that are on no front because they failed, were withheld or may not be compared, or lack a number: each with its reason. */
export function LeftOut({ points, rows, lacking, place }: LeftOutProps) {
  const left = useMemo(() => {
    const isLacking = new Set(lacking);
    return rows
      .filter((row) => outcomeOf(points, row) !== 'valid' || isLacking.has(row))
      .sort((a, b) => a - b);
  }, [points, rows, lacking]);
  const columns = useMemo(() => columnsOf(points, new Set(lacking)), [points, lacking]);
  if (left.length === 0) return null;
  const words = left.length === 1 ? '1 point is' : `${left.length} points are`;
  return (
    <Disclosure summary={`${words} on no front: failed, not comparable, or without these numbers`}>
      <DataTable caption="Points on no front" columns={columns} rows={left} place={place} name="left" />
    </Disclosure>
  );
}

function columnsOf(points: TableData, lacking: ReadonlySet<number>): readonly TableColumn<number>[] {
  return [
    {
      key: 'point',
      label: 'Point',
      value: (row) => pointWords(points, row),
      cell: (row) => (
        <a href={pointLink(textAt(points, 'run', row) ?? '', textAt(points, 'point', row) ?? '')}>
          {pointWords(points, row)}
        </a>
      ),
    },
    { key: 'run', label: 'Run', value: (row) => textAt(points, 'run', row) },
    { key: 'outcome', label: 'Outcome', value: (row) => outcomeOf(points, row) },
    { key: 'reason', label: 'Reason', value: (row) => reasonOf(points, row, lacking) },
  ];
}

function reasonOf(points: TableData, row: number, lacking: ReadonlySet<number>): string {
  const parts = [
    textAt(points, 'layer', row),
    textAt(points, 'error_code', row),
    textAt(points, 'error', row),
    textAt(points, 'withheld', row),
    ...textsAt(points, 'marks', row),
  ].filter((part) => part !== undefined && part !== '');
  if (parts.length > 0) return parts.join(' · ');
  return lacking.has(row) ? 'lacks a number of this chart' : 'no reason is recorded';
}
