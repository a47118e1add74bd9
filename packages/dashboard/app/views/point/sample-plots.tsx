import { useMemo } from 'preact/hooks';
import { samplesByName, sampleWords, type SampleSeries } from '../../../src/model/samples.js';
import type { TableData } from '../../../src/site/table.js';
import { useData } from '../../data/use-data.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import { Disclosure } from '../../parts/disclosure.js';
import { SmallPlot } from '../../parts/small-plot.js';
import { TIME_LABEL } from './request-plots.js';
import type { PartProps } from './point.js';

/** What was read from devices and from the server during the load. */
export function SamplePlots({ place, row, detail: { hasSamples } }: PartProps) {
  return (
    <section>
      <h3>Devices and server over time</h3>
      {hasSamples ? (
        <LoadedSamples place={place} row={row} />
      ) : (
        <p class="empty">Nothing was read from devices or from the server, or this site doesn't have it.</p>
      )}
    </section>
  );
}

function LoadedSamples({ place, row }: Pick<PartProps, 'place' | 'row'>) {
  const table = useData<TableData>(`samples/${row}`);
  const byName = useMemo(() => (table.state === 'loaded' ? [...samplesByName(table.value)] : []), [table]);
  const readings = useMemo(() => readingsOf(byName), [byName]);
  if (table.state === 'loading') return <p role="status">Loading what was read …</p>;
  if (table.state === 'failed') return <p role="alert">What was read can't be shown: {table.message}.</p>;
  if (byName.length === 0) return <p class="empty">Nothing was read during the load.</p>;
  return (
    <>
      <div class="plots">
        {byName.map(([name, series]) => (
          <SmallPlot
            key={name}
            title={sampleWords(name).label}
            unit={sampleWords(name).unit}
            xLabel={TIME_LABEL}
            series={series.map(({ source, points }) => ({
              name: sourceWords(source),
              kind: 'line',
              points: points.map(([ms, value]) => [ms / 1000, value] as const),
            }))}
          />
        ))}
      </div>
      <Disclosure summary="Table of what was read">
        <DataTable caption="What was read" name="samples" columns={COLUMNS} rows={readings} place={place} />
      </Disclosure>
    </>
  );
}

function sourceWords(source: string): string {
  return /^\d+$/.test(source) ? `device ${source}` : source;
}

interface Reading {
  readonly ms: number;
  readonly name: string;
  readonly source: string;
  readonly value: number;
}

function readingsOf(byName: readonly (readonly [string, readonly SampleSeries[]])[]): readonly Reading[] {
  return byName.flatMap(([name, series]) =>
    series.flatMap(({ source, points }) => points.map(([ms, value]) => ({ ms, name, source, value }))),
  );
}

const COLUMNS: readonly TableColumn<Reading>[] = [
  { key: 'ms', label: 'Time', unit: 'ms', isNumber: true, value: ({ ms }) => ms },
  { key: 'what', label: 'What', value: ({ name }) => sampleWords(name).label },
  { key: 'source', label: 'Of', value: ({ source }) => sourceWords(source) },
  { key: 'value', label: 'Value', isNumber: true, value: ({ value }) => value },
  { key: 'unit', label: 'Unit', value: ({ name }) => sampleWords(name).unit },
];
