import { useMemo, useState } from 'preact/hooks';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { usePlace } from '../state/url.js';
import type { ChartAxis, ChartData, ChartPoint } from './chart-data.js';
import { valueText } from './tip.js';

interface Row {
  readonly series: string;
  readonly point: ChartPoint;
}

/** The numbers of a chart. They are put in the page when they are asked for. */
export function ChartTable({ data, linkOf }: ChartTableProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="chart-table" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>The same as a table</summary>
      {isOpen && <Numbers data={data} {...(linkOf && { linkOf })} />}
    </details>
  );
}

export interface ChartTableProps {
  readonly data: ChartData;
  readonly linkOf?: (row: number) => string | undefined;
}

function Numbers({ data, linkOf }: ChartTableProps) {
  const place = usePlace();
  const rows = useMemo(
    () => data.series.flatMap(({ name, points }) => points.map((point): Row => ({ series: name, point }))),
    [data],
  );
  const columns = useMemo(() => columnsOf(data, linkOf), [data, linkOf]);
  return <DataTable caption={data.title} columns={columns} rows={rows} place={place} name="numbers" />;
}

function columnsOf(
  { x, y, series }: ChartData,
  linkOf: ChartTableProps['linkOf'],
): readonly TableColumn<Row>[] {
  const hasIntervals = series.some(({ points }) => points.some(({ low }) => low !== undefined));
  return [
    {
      key: 'series',
      label: 'Series',
      value: ({ series: name }) => name,
      cell: ({ series: name, point }) => {
        const link = linkOf?.(point.row);
        return link === undefined ? name : <a href={link}>{name}</a>;
      },
    },
    numberColumn('x', x, ({ point }) => point.x),
    numberColumn('y', y, ({ point }) => point.y),
    ...(hasIntervals
      ? [
          numberColumn('low', { ...y, label: 'Interval from' }, ({ point }) => point.low),
          numberColumn('high', { ...y, label: 'Interval to' }, ({ point }) => point.high),
        ]
      : []),
    { key: 'state', label: 'Drawn as', value: ({ point }) => STATES[point.state ?? 'shown'] },
  ];
}

const STATES = { shown: 'shown', muted: 'misses a condition', hollow: 'not comparable', failed: 'failed' };

function numberColumn(
  key: string,
  axis: ChartAxis,
  value: (row: Row) => number | undefined,
): TableColumn<Row> {
  return {
    key,
    label: axis.label,
    isNumber: true,
    value,
    ...(axis.unit === undefined || axis.unit === '' ? {} : { unit: axis.unit }),
    ...(axis.scale === 'time'
      ? {
          cell: (row: Row) => {
            const time = value(row);
            return time === undefined ? '–' : valueText(axis, time);
          },
        }
      : {}),
  };
}
