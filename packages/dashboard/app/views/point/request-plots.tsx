import { useMemo } from 'preact/hooks';
import {
  histogramOf,
  inFlightSpans,
  meansOver,
  rangeOf,
  requestRows,
  tokenSpans,
  type Bin,
  type RequestRow,
} from '../../../src/model/requests-over-time.js';
import type { TableData } from '../../../src/site/table.js';
import { useData } from '../../data/use-data.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import { Disclosure } from '../../parts/disclosure.js';
import { SmallPlot, type PlotSeries } from '../../parts/small-plot.js';
import type { Place } from '../../state/url.js';
import type { PartProps } from './point.js';

/** Its requests over the time of the load. */
export function RequestPlots({ place, row, detail: { hasRequests, notes = [] } }: PartProps) {
  return (
    <section>
      <h3>Requests over time</h3>
      {hasRequests ? (
        <LoadedRequests place={place} row={row} />
      ) : (
        <p class="empty">This site has none of its requests. Imported rows have none.</p>
      )}
      {notes.map((note) => (
        <p key={note}>Of its files this site has a part: {note}.</p>
      ))}
    </section>
  );
}

function LoadedRequests({ place, row }: Pick<PartProps, 'place' | 'row'>) {
  const table = useData<TableData>(`requests/${row}`);
  const requests = useMemo(() => (table.state === 'loaded' ? requestRows(table.value) : []), [table]);
  if (table.state === 'loading') return <p role="status">Loading its requests …</p>;
  if (table.state === 'failed') return <p role="alert">Its requests can't be shown: {table.message}.</p>;
  const ends = requests.flatMap(({ sentMs, e2elMs }) => (sentMs === undefined ? [] : sentMs + (e2elMs ?? 0)));
  if (ends.length === 0) return <p class="empty">No request was sent.</p>;
  return <Plots place={place} requests={requests} end={Math.max(1, rangeOf(ends)[1])} />;
}

interface PlotsProps {
  readonly place: Place;
  readonly requests: readonly RequestRow[];
  /** ms from the window's begin to the last answer. */
  readonly end: number;
}

const BINS = 120;
const BARS = 30;
export const TIME_LABEL = 'time since the load began (s)';

function Plots({ place, requests, end }: PlotsProps) {
  const rates = useMemo(() => ratesOf(requests, end), [requests, end]);
  const x = [0, end / 1000] as const;
  const overTime = (title: string, key: 'ttftMs' | 'maxGapMs') => (
    <Plot title={title} unit="ms" x={x} xLabel="time of sending (s)" series={dotsOf(title, requests, key)} />
  );
  const histogram = (title: string, key: 'ttftMs' | 'e2elMs') => (
    <Plot
      title={title}
      unit="requests"
      xLabel={`${key === 'ttftMs' ? 'TTFT' : 'E2EL'} (ms)`}
      series={barsOf(title, requests, key)}
    />
  );
  const line = (title: string, key: 'inFlight' | 'tokens'): PlotSeries => ({
    name: title,
    kind: 'line',
    points: rates.map((rate) => [(rate.from + rate.to) / 2000, rate[key]]),
  });
  return (
    <>
      <div class="plots">
        {overTime('TTFT of each request', 'ttftMs')}
        {overTime('Longest gap between chunks of each request', 'maxGapMs')}
        <Plot
          title="Requests in flight"
          unit="mean"
          x={x}
          xLabel={TIME_LABEL}
          series={line('in flight', 'inFlight')}
        />
        <Plot
          title="Output tokens"
          unit="tokens/s"
          x={x}
          xLabel={TIME_LABEL}
          series={line('tokens', 'tokens')}
        />
        {histogram('TTFT, distribution', 'ttftMs')}
        {histogram('E2EL, distribution', 'e2elMs')}
      </div>
      <p class="empty">
        Output tokens are spread evenly from a request's first chunk to its last. {unfinished(requests)}
      </p>
      <Disclosure summary="Table of requests">
        <DataTable
          caption="Requests"
          name="requests"
          columns={REQUEST_COLUMNS}
          rows={requests}
          place={place}
        />
      </Disclosure>
      <Disclosure summary="Table of requests in flight and tokens per second">
        <DataTable
          caption="In flight and tokens per second"
          name="rates"
          columns={RATE_COLUMNS}
          rows={rates}
          place={place}
        />
      </Disclosure>
      {(['ttftMs', 'e2elMs'] as const).map((key) => (
        <HistogramTable key={key} place={place} requests={requests} of={key} />
      ))}
    </>
  );
}

/** A plot, or a line that says that there is nothing to draw. */
function Plot({ series, ...plot }: PlotProps) {
  return series.points.length === 0 ? (
    <p class="empty">{plot.title}: no request has it.</p>
  ) : (
    <SmallPlot {...plot} series={[series]} />
  );
}

interface PlotProps {
  readonly title: string;
  readonly unit: string;
  readonly xLabel: string;
  readonly x?: readonly [number, number];
  readonly series: PlotSeries;
}

function dotsOf(name: string, requests: readonly RequestRow[], key: 'ttftMs' | 'maxGapMs'): PlotSeries {
  const points = requests.flatMap(({ sentMs, [key]: value }) =>
    sentMs === undefined || value === undefined ? [] : [[sentMs / 1000, value] as const],
  );
  return { name, kind: 'dots', points };
}

function barsOf(name: string, requests: readonly RequestRow[], key: 'ttftMs' | 'e2elMs'): PlotSeries {
  return {
    name,
    kind: 'bars',
    points: distribution(requests, key).map(({ from, to, value }) => [from, value, to]),
  };
}

function distribution(requests: readonly RequestRow[], key: 'ttftMs' | 'e2elMs'): readonly Bin[] {
  return histogramOf(
    requests.flatMap(({ [key]: value }) => value ?? []),
    BARS,
  );
}

interface Rate {
  readonly from: number;
  readonly to: number;
  readonly inFlight: number;
  /** Per second. */
  readonly tokens: number;
}

function ratesOf(requests: readonly RequestRow[], end: number): readonly Rate[] {
  const tokens = meansOver(tokenSpans(requests), end, BINS);
  return meansOver(inFlightSpans(requests), end, BINS).map(({ from, to, value }, bin) => ({
    from,
    to,
    inFlight: value,
    tokens: (tokens[bin]?.value ?? 0) * 1000,
  }));
}

function unfinished(requests: readonly RequestRow[]): string {
  const count = requests.filter(({ e2elMs }) => e2elMs === undefined).length;
  return count === 0 ? '' : `${count} of ${requests.length} requests have no last chunk and are in no line.`;
}

function HistogramTable({ place, requests, of }: HistogramTableProps) {
  const label = of === 'ttftMs' ? 'TTFT' : 'E2EL';
  const bins = useMemo(() => distribution(requests, of), [requests, of]);
  return (
    <Disclosure summary={`Table of the distribution of ${label}`}>
      <DataTable
        caption={`Distribution of ${label}`}
        name={of}
        columns={BIN_COLUMNS}
        rows={bins}
        place={place}
      />
    </Disclosure>
  );
}

interface HistogramTableProps {
  readonly place: Place;
  readonly requests: readonly RequestRow[];
  readonly of: 'ttftMs' | 'e2elMs';
}

const number = <R,>(key: keyof R & string, label: string, unit: string): TableColumn<R> => ({
  key,
  label,
  unit,
  isNumber: true,
  value: (row) => row[key] as number | undefined,
});

const REQUEST_COLUMNS: readonly TableColumn<RequestRow>[] = [
  number('sentMs', 'Sent', 'ms'),
  number('ttftMs', 'TTFT', 'ms'),
  number('e2elMs', 'E2EL', 'ms'),
  number('maxGapMs', 'Longest gap', 'ms'),
  number('inputTokens', 'Input', 'tokens'),
  number('outputTokens', 'Output', 'tokens'),
  { key: 'error', label: 'Error', value: ({ error }) => error },
];

const RATE_COLUMNS: readonly TableColumn<Rate>[] = [
  number('from', 'From', 'ms'),
  number('to', 'To', 'ms'),
  number('inFlight', 'In flight', 'mean'),
  number('tokens', 'Output tokens', 'tokens/s'),
];

const BIN_COLUMNS: readonly TableColumn<Bin>[] = [
  number('from', 'From', 'ms'),
  number('to', 'To below', 'ms'),
  number('value', 'Requests', ''),
];
