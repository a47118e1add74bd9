import { useMemo } from 'preact/hooks';
import type { CurveJudgement, Unmatched } from '@sweepline/store/judge';
import type { ComparedJob } from '../../../src/model/compared.js';
import { textAt } from '../../../src/model/cells.js';
import { numberText } from '../../../src/model/number-text.js';
import { changedText, verdictText } from '../../../src/model/verdict-words.js';
import type { TableData } from '../../../src/site/table.js';
import { CsvButton } from '../../parts/csv-button.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import { judgementColumns } from '../../parts/judgement-columns.js';
import { Changed } from '../../parts/verdict.js';
import { pointLink } from '../../state/links.js';
import type { Place } from '../../state/url.js';
import type { SideComparison } from './use-comparison.js';

interface TableProps {
  readonly place: Place;
  readonly comparisons: readonly SideComparison[];
  /** Whether there are several B. */
  readonly isSeveral: boolean;
}

interface OfSide {
  readonly b: string;
}

const B: TableColumn<OfSide> = {
  key: 'b',
  label: 'B',
  value: ({ b }) => b,
  cell: ({ b }) => <Name text={b} />,
};

function Name({ text }: { readonly text: string }) {
  return <span class="name">{text}</span>;
}

type CurveRow = CurveJudgement & OfSide;

export function CurvesTable({ place, comparisons, isSeveral }: TableProps) {
  const rows = useMemo(
    () => comparisons.flatMap(({ b, curves }) => curves.map((curve): CurveRow => ({ ...curve, b }))),
    [comparisons],
  );
  const columns = useMemo(
    (): readonly TableColumn<CurveRow>[] => [
      ...(isSeveral ? [B] : []),
      {
        key: 'curve',
        label: 'Curve',
        value: ({ curve }) => curve,
        cell: ({ curve }) => <Name text={curve} />,
      },
      { key: 'points', label: 'Jobs', isNumber: true, value: ({ points }) => points },
      ...judgementColumns((row: CurveRow) => row),
    ],
    [isSeveral],
  );
  return (
    <DataTable
      caption="By curve"
      name="curves"
      columns={columns}
      rows={rows}
      place={place}
      pageSize={25}
      empty="No job of both sides has this metric."
    />
  );
}

interface JobRow extends OfSide, Omit<ComparedJob, 'a' | 'b'> {
  readonly rows: Pick<ComparedJob, 'a' | 'b'>;
}

export function JobsTable({ place, comparisons, isSeveral, label, a, points }: JobsTableProps) {
  const rows = useMemo(
    () =>
      comparisons.flatMap(({ b, jobs }) =>
        jobs.map(({ a: rowsOfA, b: rowsOfB, ...job }): JobRow => ({
          ...job,
          b,
          rows: { a: rowsOfA, b: rowsOfB },
        })),
      ),
    [comparisons],
  );
  const columns = useMemo(() => jobColumns(points, isSeveral), [points, isSeveral]);
  if (rows.length === 0) return null;
  return (
    <>
      <DataTable caption={`By job: ${label}`} name="jobs" columns={columns} rows={rows} place={place} />
      <CsvButton
        name="compare"
        header={[
          ...['a', 'b', 'job', `${label} of a`, `${label} of b`, 'runs of a', 'runs of b'],
          ...['detectable (%)', 'change (%)', 'interval from (%)', 'interval to (%)', 'verdict', 'changed'],
          ...['run of a', 'point of a', 'run of b', 'point of b'],
        ]}
        rows={() => rows.map((row) => csvRow(row, a, points))}
      />
    </>
  );
}

interface JobsTableProps extends TableProps {
  readonly label: string;
  readonly a: string;
  readonly points: TableData;
}

function jobColumns(points: TableData, isSeveral: boolean): readonly TableColumn<JobRow>[] {
  const side = (key: 'a' | 'b'): TableColumn<JobRow> => ({
    key: `value.${key}`,
    label: key.toUpperCase(),
    isNumber: true,
    value: ({ judgement }) => judgement?.[key],
    cell: (row) => <ValueLink points={points} rows={row.rows[key]} value={row.judgement?.[key]} />,
  });
  return [
    ...(isSeveral ? [B] : []),
    { key: 'job', label: 'Job', value: ({ name }) => name, cell: ({ name }) => <Name text={name} /> },
    side('a'),
    side('b'),
    {
      key: 'runs',
      label: 'Runs',
      value: ({ judgement }) => judgement && `${judgement.runs[0]}, ${judgement.runs[1]}`,
    },
    ...judgementColumns(({ judgement }: JobRow) => judgement),
    {
      key: 'changed',
      label: 'Also changed',
      value: ({ changed }) => changedText(changed),
      cell: ({ changed }) => <Changed changed={changed} />,
    },
  ];
}

/** Of the newest measurement: a median of several has no page. */
function ValueLink({ points, rows, value }: ValueLinkProps) {
  const row = rows.at(-1);
  if (value === undefined || row === undefined) return <>–</>;
  return (
    <a href={pointLink(textAt(points, 'run', row) ?? '', textAt(points, 'point', row) ?? '')}>
      {numberText(value)}
    </a>
  );
}

interface ValueLinkProps {
  readonly points: TableData;
  readonly rows: readonly number[];
  readonly value: number | undefined;
}

function csvRow({ b, name, judgement, changed, rows }: JobRow, a: string, points: TableData) {
  const percent = (share: number | undefined): number | undefined =>
    share === undefined ? undefined : 100 * share;
  const placeOf = (of: readonly number[]) => {
    const last = of.at(-1) ?? -1;
    return [textAt(points, 'run', last), textAt(points, 'point', last)];
  };
  return [
    ...[a, b, name, judgement?.a, judgement?.b, judgement?.runs[0], judgement?.runs[1]],
    ...[percent(judgement?.detectable), percent(judgement?.change)],
    ...[percent(judgement?.interval?.[0]), percent(judgement?.interval?.[1])],
    ...[judgement && verdictText(judgement), changedText(changed)],
    ...placeOf(rows.a),
    ...placeOf(rows.b),
  ];
}

type UnmatchedRow = Unmatched & OfSide;

export function UnmatchedTable({ place, comparisons, isSeveral }: TableProps) {
  const rows = useMemo(
    () => comparisons.flatMap(({ b, unmatched }) => unmatched.map((one): UnmatchedRow => ({ ...one, b }))),
    [comparisons],
  );
  const columns = useMemo(
    (): readonly TableColumn<UnmatchedRow>[] => [
      ...(isSeveral ? [B] : []),
      { key: 'side', label: 'Side', value: ({ side }) => side.toUpperCase() },
      {
        key: 'job',
        label: 'Job',
        value: ({ name }) => name,
        cell: ({ name, run, point }) => (
          <a class="name" href={pointLink(run, point)}>
            {name}
          </a>
        ),
      },
      { key: 'reason', label: 'Why', value: ({ reason }) => reason },
    ],
    [isSeveral],
  );
  if (rows.length === 0) return null;
  return (
    <details>
      <summary>{numberText(rows.length)} results are compared with nothing</summary>
      <DataTable
        caption="Compared with nothing"
        name="unmatched"
        columns={columns}
        rows={rows}
        place={place}
        pageSize={25}
      />
    </details>
  );
}
