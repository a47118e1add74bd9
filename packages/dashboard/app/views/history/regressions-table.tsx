import { useMemo } from 'preact/hooks';
import { regressionsOf, type Regression } from '../../../src/model/histories.js';
import { numberText } from '../../../src/model/number-text.js';
import { changedText } from '../../../src/model/verdict-words.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import { judgementColumns } from '../../parts/judgement-columns.js';
import { Changed } from '../../parts/verdict.js';
import { runLink } from '../../state/links.js';
import { changed, formatPlace, type Place } from '../../state/url.js';
import type { HistoryPartProps } from './history.js';

/** Steps from one run of a job to its next that were judged worse. */
export function RegressionsTable({ place, judged, histories }: HistoryPartProps) {
  const { found, judged: said, unsure, falseAlarms } = useMemo(() => regressionsOf(histories), [histories]);
  const columns = useMemo(() => columnsOf(place), [place]);
  return (
    <section aria-labelledby="regressions">
      <h3 id="regressions">Regressions</h3>
      <p class="lead">
        Of all jobs that pass the filters, each run is judged against the run before it, by{' '}
        {judged.judged.metric.label}; runs without a date by the order of their names. Of {numberText(said)}{' '}
        steps something can be said, of {numberText(unsure)} nothing. If nothing had ever changed, about{' '}
        {numberText(Number(falseAlarms.toPrecision(2)))} of them would be called worse by chance.
      </p>
      <DataTable
        caption="Judged worse than the run before"
        name="worse"
        columns={columns}
        rows={found}
        place={place}
        pageSize={25}
        empty="No step was judged worse."
      />
    </section>
  );
}

function columnsOf(place: Place): readonly TableColumn<Regression>[] {
  return [
    {
      key: 'date',
      label: 'Date',
      value: ({ after }) => after.date,
      cell: ({ after }) => <span class="whole">{after.date ?? '–'}</span>,
    },
    {
      key: 'job',
      label: 'Job',
      value: ({ history }) => history.name,
      cell: ({ history }) => (
        <a class="name" href={formatPlace(changed(place, { job: history.key }))}>
          {history.name}
        </a>
      ),
    },
    {
      key: 'runs',
      label: 'Runs',
      value: ({ before, after }) => `${before.run} ${after.run}`,
      cell: ({ before, after }) => (
        <>
          <a class="whole" href={runLink(before.run)}>
            {before.run}
          </a>{' '}
          →{' '}
          <a class="whole" href={runLink(after.run)}>
            {after.run}
          </a>
        </>
      ),
    },
    ...judgementColumns(({ step }: Regression) => step.judgement),
    {
      key: 'changed',
      label: 'Changed',
      value: ({ step }) => changedText(step.changed),
      cell: ({ step }) => <Changed changed={step.changed} />,
    },
  ];
}
