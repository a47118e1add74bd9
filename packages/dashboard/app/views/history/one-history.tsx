import { useMemo } from 'preact/hooks';
import { median } from '@sweepline/core/statistics';
import { textAt } from '../../../src/model/cells.js';
import type { History, HistoryEntry } from '../../../src/model/histories.js';
import { numberText } from '../../../src/model/number-text.js';
import { changedText, changeText, verdictText } from '../../../src/model/verdict-words.js';
import type { TableData } from '../../../src/site/table.js';
import { useSite } from '../../data/site.js';
import { CsvButton } from '../../parts/csv-button.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import { judgementColumns } from '../../parts/judgement-columns.js';
import { Changed } from '../../parts/verdict.js';
import { pointLink, runLink } from '../../state/links.js';
import { useIntervals } from '../fronts/use-fronts.js';
import { ChangelogNotes, useNotes } from './changelog-notes.js';
import { HistoryPlot, type PlottedEntry } from './history-plot.js';
import type { HistoryPartProps } from './history.js';

interface Row extends HistoryEntry {
  readonly value: number | undefined;
}

/** One job over its runs, as a chart and a table. */
export function OneHistory({ place, foundPoints, judged, history }: OneHistoryProps) {
  const { index } = useSite();
  const { points } = foundPoints;
  const { metric } = judged.judged;
  const unit = index.metrics.find(({ key }) => key === metric.key)?.unit ?? '';
  const rows = useMemo(
    () =>
      history.entries.map((entry): Row => ({
        ...entry,
        value: median(entry.rows.flatMap((row) => judged.valueOf(row) ?? [])),
      })),
    [history, judged],
  );
  const isDated = rows.every(({ date }) => Number.isFinite(dayOf(date ?? '')));
  const entries = usePlotted(rows, metric.key, isDated);
  const notes = useNotes(history.entries.map(({ run }) => run));
  const columns = useMemo(() => columnsOf(points, unit), [points, unit]);
  const title = `${metric.label.charAt(0).toUpperCase()}${metric.label.slice(1)}${unit === '' ? '' : ` (${unit})`}, ${metric.better} is better`;
  return (
    <section aria-labelledby="one-history">
      <h3 id="one-history">{history.name}</h3>
      {entries.length > 0 && (
        <HistoryPlot title={title} about={history.name} entries={entries} notes={notes} />
      )}
      <p class="lead">
        A dot per run, the median where it has several; filled if it was judged better or worse than the run
        before. Lines up and down: 95 % intervals between runs. The scale does not begin at 0.
        {!isDated &&
          ' Runs without a date come last, in the order of their names, which need not be that of time; they are drawn one after the other.'}
      </p>
      <ChangelogNotes notes={notes} />
      <DataTable caption="This job, run by run" name="runs" columns={columns} rows={rows} place={place} />
      <CsvButton
        name="history"
        header={[
          ...['job', 'date', 'run', `${metric.label} (${unit})`, 'measurements', 'image'],
          ...['detectable (%)', 'change (%)', 'interval from (%)', 'interval to (%)', 'verdict', 'changed'],
        ]}
        rows={() => rows.map((row) => csvRow(row, history, points))}
      />
    </section>
  );
}

interface OneHistoryProps extends HistoryPartProps {
  readonly history: History;
}

/** Days since 1970. */
function dayOf(date: string): number {
  return Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / 86_400_000;
}

/** By day, with intervals between runs; one after the other where a run has no date. */
function usePlotted(rows: readonly Row[], metric: string, isDated: boolean): readonly PlottedEntry[] {
  const { known: intervals } = useIntervals();
  return useMemo(
    () =>
      rows.flatMap(({ run, date, rows: of, value, step }, place) => {
        if (value === undefined) return [];
        const day = isDated ? dayOf(date ?? '') : place;
        const [row] = of;
        const interval = of.length === 1 && row !== undefined ? intervals.get(row)?.get(metric) : undefined;
        // An interval of repeats is that of their median, which is another number.
        const own = interval?.basis === 'noise-model' ? interval : undefined;
        const judgement = step?.judgement;
        const change =
          judgement === undefined ? '' : `, ${changeText(judgement.change)}, ${verdictText(judgement)}`;
        return [
          {
            ...{ key: run, x: day, label: isDated ? (date ?? '') : run, value },
            ...{ low: own?.low, high: own?.high, verdict: judgement?.verdict },
            words: `${date ?? run}: ${numberText(value)}${change}`,
          },
        ];
      }),
    [rows, intervals, metric, isDated],
  );
}

function columnsOf(points: TableData, unit: string): readonly TableColumn<Row>[] {
  return [
    {
      key: 'date',
      label: 'Date',
      value: ({ date }) => date,
      cell: ({ date }) => <span class="whole">{date ?? '–'}</span>,
    },
    {
      key: 'run',
      label: 'Run',
      value: ({ run }) => run,
      cell: ({ run }) => (
        <a class="whole" href={runLink(run)}>
          {run}
        </a>
      ),
    },
    {
      ...{ key: 'value', label: 'Value', unit, isNumber: true },
      value: ({ value }) => value,
      cell: ({ value, rows }) => <ValueLinks points={points} rows={rows} value={value} />,
    },
    ...judgementColumns(({ step }: Row) => step?.judgement),
    {
      key: 'changed',
      label: 'Changed',
      value: ({ step }) => step && changedText(step.changed),
      cell: ({ step }) => <Changed changed={step?.changed ?? []} />,
    },
  ];
}

function ValueLinks({ points, rows, value }: ValueLinksProps) {
  const linkOf = (row: number): string =>
    pointLink(textAt(points, 'run', row) ?? '', textAt(points, 'point', row) ?? '');
  const text = value === undefined ? '–' : numberText(value);
  const [only] = rows;
  if (rows.length === 1 && only !== undefined) return <a href={linkOf(only)}>{text}</a>;
  return (
    <>
      {text}, of{' '}
      {rows.map((row, index) => (
        <a key={row} class="number" href={linkOf(row)}>
          {index + 1}{' '}
        </a>
      ))}
    </>
  );
}

interface ValueLinksProps {
  readonly points: TableData;
  readonly rows: readonly number[];
  readonly value: number | undefined;
}

function csvRow({ date, run, value, rows, step }: Row, { name }: History, points: TableData) {
  const percent = (share: number | undefined): number | undefined =>
    share === undefined ? undefined : 100 * share;
  const judgement = step?.judgement;
  return [
    ...[name, date, run, value, rows.length, textAt(points, 'image', rows.at(-1) ?? -1)],
    ...[percent(judgement?.detectable), percent(judgement?.change)],
    ...[percent(judgement?.interval?.[0]), percent(judgement?.interval?.[1])],
    ...[judgement && verdictText(judgement), step && changedText(step.changed)],
  ];
}
