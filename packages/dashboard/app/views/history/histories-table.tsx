import { useMemo } from 'preact/hooks';
import { median } from '@sweepline/core/statistics';
import type { History } from '../../../src/model/histories.js';
import { changeText } from '../../../src/model/verdict-words.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import { changed, formatPlace, type Place } from '../../state/url.js';
import type { HistoryPartProps } from './history.js';

interface Row extends History {
  readonly first: number | undefined;
  readonly newest: number | undefined;
}

/** All jobs with a history, to choose from. */
export function HistoriesTable({ place, judged, histories }: HistoryPartProps) {
  const rows = useMemo(
    () =>
      histories.map((history): Row => {
        const valueOf = (index: number): number | undefined =>
          median((history.entries.at(index)?.rows ?? []).flatMap((row) => judged.valueOf(row) ?? []));
        return { ...history, first: valueOf(0), newest: valueOf(-1) };
      }),
    [histories, judged],
  );
  const columns = useMemo(() => columnsOf(place), [place]);
  return (
    <section aria-labelledby="histories">
      <h3 id="histories">Jobs that were measured in two runs or more</h3>
      <DataTable caption="Histories" name="jobs" columns={columns} rows={rows} place={place} pageSize={25} />
    </section>
  );
}

function columnsOf(place: Place): readonly TableColumn<Row>[] {
  return [
    {
      key: 'job',
      label: 'Job',
      value: ({ name }) => name,
      cell: ({ name, key }) => (
        <a class="name" href={formatPlace(changed(place, { job: key }))}>
          {name}
        </a>
      ),
    },
    { key: 'runs', label: 'Runs', isNumber: true, value: ({ entries }) => entries.length },
    {
      key: 'from',
      label: 'From',
      value: ({ entries }) => entries[0]?.date,
      cell: ({ entries }) => <span class="whole">{entries[0]?.date ?? '–'}</span>,
    },
    {
      key: 'to',
      label: 'To',
      value: ({ entries }) => entries.at(-1)?.date,
      cell: ({ entries }) => <span class="whole">{entries.at(-1)?.date ?? '–'}</span>,
    },
    { key: 'first', label: 'First', isNumber: true, value: ({ first }) => first },
    { key: 'newest', label: 'Newest', isNumber: true, value: ({ newest }) => newest },
    {
      ...{ key: 'change', label: 'Change in all', isNumber: true },
      value: ({ first, newest }) =>
        first === undefined || newest === undefined ? undefined : newest / first - 1,
      cell: ({ first, newest }) =>
        first === undefined || newest === undefined ? '–' : changeText(newest / first - 1),
    },
  ];
}
