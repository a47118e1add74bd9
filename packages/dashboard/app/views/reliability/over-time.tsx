import { useMemo } from 'preact/hooks';
import {
  attemptsOverTime,
  DAYS_PER_SPAN,
  dayText,
  type Attempts,
  type DayCounts,
} from '../../../src/model/reliability.js';
import { Choice } from '../../parts/choice.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import { Disclosure } from '../../parts/disclosure.js';
import { SmallPlot } from '../../parts/small-plot.js';
import { changed, goTo, type Place } from '../../state/url.js';
import { shareColumn } from './share.js';

/** Attempted and succeeded by week, as bars before each other: of all hardware, or of one SKU. */
export function OverTime({ what, name, attempts, place }: OverTimeProps) {
  const sku = place.params[`${name}.sku`];
  const skus = useMemo(() => [...new Set(attempts.map((one) => one.sku))].sort(), [attempts]);
  const weeks = useMemo(
    () => attemptsOverTime(sku === undefined ? attempts : attempts.filter((one) => one.sku === sku)),
    [attempts, sku],
  );
  return (
    <>
      <p class="table-tools">
        <Choice
          label={`${what} of`}
          names={[ALL, ...skus]}
          value={sku ?? ALL}
          onChange={(value) => goTo(changed(place, { [`${name}.sku`]: value === ALL ? undefined : value }))}
        />
      </p>
      <Weeks what={what} name={name} weeks={weeks} place={place} />
    </>
  );
}

const ALL = 'all hardware';

interface OverTimeProps {
  /** `Points` or `Jobs`. */
  readonly what: string;
  /** Begin of its parameters in the address. */
  readonly name: string;
  readonly attempts: readonly Attempts[];
  readonly place: Place;
}

function Weeks({ what, name, weeks, place }: WeeksProps) {
  if (weeks.length === 0) return <p class="empty">No day is known.</p>;
  const bars = (key: 'attempted' | 'succeeded') =>
    weeks.map((week) => [week.day, week[key], week.day + DAYS_PER_SPAN] as const);
  return (
    <>
      <SmallPlot
        title={`${what} by week`}
        unit="attempted and succeeded"
        xLabel="begin of the week, UTC"
        x={rangeOfWeeks(weeks)}
        xText={dayText}
        series={[
          { name: 'attempted', kind: 'bars', points: bars('attempted'), look: GREY },
          { name: 'succeeded', kind: 'bars', points: bars('succeeded'), look: 0 },
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

/** Number of the looks of what is only attempted. */
const GREY = 6;
/** Less would make a bar of a week as wide as the plot. */
const FEWEST_DAYS = 12 * DAYS_PER_SPAN;

function rangeOfWeeks(weeks: readonly DayCounts[]): readonly [number, number] {
  const end = (weeks.at(-1)?.day ?? 0) + DAYS_PER_SPAN;
  return [Math.min(weeks[0]?.day ?? 0, end - FEWEST_DAYS), end];
}

interface WeeksProps extends Omit<OverTimeProps, 'attempts'> {
  readonly weeks: readonly DayCounts[];
}

const COLUMNS: readonly TableColumn<DayCounts>[] = [
  { key: 'week', label: 'Week from', value: ({ day }) => dayText(day) },
  { key: 'attempted', label: 'Attempted', isNumber: true, value: ({ attempted }) => attempted },
  { key: 'succeeded', label: 'Succeeded', isNumber: true, value: ({ succeeded }) => succeeded },
  shareColumn(),
];
