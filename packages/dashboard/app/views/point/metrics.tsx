import { useMemo } from 'preact/hooks';
import { textAt } from '../../../src/model/cells.js';
import { relativesOf } from '../../../src/model/find-point.js';
import { numberText } from '../../../src/model/number-text.js';
import {
  betweenRuns,
  pointMetrics,
  type BetweenRuns,
  type PointMetric,
} from '../../../src/model/point-metrics.js';
import type { TableData } from '../../../src/site/table.js';
import { useSite } from '../../data/site.js';
import { useData } from '../../data/use-data.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import type { PartProps } from './point.js';

/** All of its numbers, with what each may be off by within its run and between runs. */
export function Metrics(props: PartProps) {
  const { index } = useSite();
  return index.files.includes('between') ? <MetricsWithBetween {...props} /> : <MetricsTable {...props} />;
}

function MetricsWithBetween(props: PartProps) {
  const between = useData<TableData>('between');
  const intervals = useMemo(
    () => (between.state === 'loaded' ? betweenRuns(between.value, props.row) : undefined),
    [between, props.row],
  );
  return (
    <>
      {between.state === 'failed' && (
        <p role="alert">Intervals between runs can't be shown: {between.message}.</p>
      )}
      <MetricsTable {...props} between={intervals} />
    </>
  );
}

function MetricsTable({ place, row, detail, between }: MetricsTableProps) {
  const { index, points } = useSite();
  const rows = useMemo(
    () => pointMetrics(index.metrics, detail, between ?? new Map()),
    [index, detail, between],
  );
  const isAlone = useMemo(() => relativesOf(points, row).repeats.length === 0, [points, row]);
  const columns = useMemo(() => columnsOf(isAlone), [isAlone]);
  const covers = [...new Set(Object.values(detail.intervals).map((interval) => interval.covers))];
  const origin = textAt(points, 'origin', row);
  return (
    <section>
      <h3>Metrics</h3>
      {origin !== undefined && <p class="empty">By the definitions of {origin}.</p>}
      <DataTable
        caption="Metrics"
        name="metrics"
        columns={columns}
        rows={rows}
        place={place}
        pageSize={20}
        empty="It has no numbers."
      />
      {covers.map((text) => (
        <p key={text} class="empty">
          Within the run, {text}.
        </p>
      ))}
      {rows.length > 0 && (
        <p class="empty">
          Between runs: how much a number changes from one start of the server to the next, by repeats or by
          the noise of other repeats like it. One run alone doesn't show that.
        </p>
      )}
    </section>
  );
}

interface MetricsTableProps extends PartProps {
  readonly between?: ReadonlyMap<string, BetweenRuns> | undefined;
}

function columnsOf(isAlone: boolean): readonly TableColumn<PointMetric>[] {
  return [
    {
      key: 'metric',
      label: 'Metric',
      value: ({ label, key }) => `${label} ${key}`,
      cell: ({ label, key }) => (
        <>
          {label}
          {label !== key && (
            <>
              <br />
              <code class="empty">{key}</code>
            </>
          )}
        </>
      ),
    },
    { key: 'value', label: 'Value', isNumber: true, value: ({ value }) => value },
    { key: 'unit', label: 'Unit', value: ({ unit }) => unit },
    {
      key: 'within',
      label: 'Within this run',
      value: ({ within }) => (within === undefined ? undefined : rangeText(within)),
    },
    {
      key: 'between',
      label: 'Between runs',
      value: ({ between }) => {
        if (between !== undefined) return betweenText(between);
        return isAlone ? 'one run' : undefined;
      },
    },
    { key: 'better', label: 'Better', value: ({ better }) => (better === 'neither' ? undefined : better) },
    {
      key: 'definition',
      label: 'Definition',
      value: ({ definition }) => definition,
      cell: ({ definition }) => <span class="definition">{definition}</span>,
    },
  ];
}

function rangeText({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${numberText(low)} to ${numberText(high)}`;
}

const BASES: Readonly<Record<string, string>> = {
  repeats: 'repeats',
  'noise-model': 'noise of others like it',
};

function betweenText(between: BetweenRuns): string {
  const { runs, basis, level } = between;
  const notes = [
    ...(level === undefined ? [] : [`${numberText(level * 100)} %`]),
    ...(runs === undefined ? [] : [runs === 1 ? 'one run' : `${numberText(runs)} runs`]),
    ...(basis === undefined ? [] : [BASES[basis] ?? basis]),
  ];
  return `${rangeText(between)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
}
