import { DAYS_PER_SPAN, dayText, type DayCounts } from '../../../src/model/reliability.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import { Disclosure } from '../../parts/disclosure.js';
import { SmallPlot } from '../../parts/small-plot.js';
import type { Place } from '../../state/url.js';
import { shareColumn } from './share.js';

/** Attempted and succeeded by week, as bars before each other. */
export function OverTime({ what, name, weeks, place }: OverTimeProps) {
  if (weeks.length === 0) return <p class="empty">No day is known.</p>;
  const bars = (key: 'attempted' | 'succeeded') =>
    weeks.map((week) => [week.day, week[key], week.day + DAYS_PER_SPAN] as const);
  return (
    <>
      <SmallPlot
        title={`${what} by week`}
        unit="attempted and succeeded"
        xLabel="begin of the week, UTC"
        xText={dayText}
        series={[
          { name: 'attempted', kind: 'bars', points: bars('attempted') },
          { name: 'succeeded', kind: 'bars', points: bars('succeeded') },
        ]}
      />
      <Disclosure summary={`Table of ${what.toLowerCase()} by week`}>
        <DataTable
          caption={`${what} by week`}
          name={name}
          columns={COLUMNS}
          rows={weeks}
          place={place}
          sorted="-week"
        />
      </Disclosure>
    </>
  );
}

interface OverTimeProps {
  /** `Points` or `Jobs`. */
  readonly what: string;
  /** Of its table, in the address. */
  readonly name: string;
  readonly weeks: readonly DayCounts[];
  readonly place: Place;
}

const COLUMNS: readonly TableColumn<DayCounts>[] = [
  { key: 'week', label: 'Week from', value: ({ day }) => dayText(day) },
  { key: 'attempted', label: 'Attempted', isNumber: true, value: ({ attempted }) => attempted },
  { key: 'succeeded', label: 'Succeeded', isNumber: true, value: ({ succeeded }) => succeeded },
  shareColumn(),
];
