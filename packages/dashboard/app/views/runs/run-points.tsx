import { useMemo } from 'preact/hooks';
import { numberAt, rowsOf, textAt, textsAt } from '../../../src/model/cells.js';
import { timeText } from '../../../src/model/number-text.js';
import { outcomeOf } from '../../../src/model/outcomes.js';
import type { TableData } from '../../../src/site/table.js';
import { useSite } from '../../data/site.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import { WebLink } from '../../parts/web-link.js';
import { pointLink } from '../../state/links.js';
import type { Place } from '../../state/url.js';

/** One run: what is known of it, and all of its points, with or without numbers. */
export function RunPoints({ place, run }: { readonly place: Place; readonly run: string }) {
  const { index, points } = useSite();
  const info = index.runs.find(({ run: name }) => name === run);
  const columns = useMemo(() => columnsOf(points), [points]);
  const rows = useMemo(
    () => rowsOf(points).filter((row) => textAt(points, 'run', row) === run),
    [points, run],
  );
  if (info === undefined && rows.length === 0)
    return (
      <section>
        <h2>No such run</h2>
        <p role="alert">This site has no run “{run}”.</p>
        <p>
          <a href="#/runs">All runs</a>
        </p>
      </section>
    );
  const facts = [
    info?.origin === undefined ? undefined : `Definitions of ${info.origin}`,
    info?.state,
    info?.startedAt === undefined ? undefined : `begun ${timeText(info.startedAt)}`,
  ].filter((fact) => fact !== undefined);
  return (
    <section>
      <p>
        <a href="#/runs">All runs</a>
      </p>
      <h2>Run {run}</h2>
      <p>
        {facts.join(' · ')}
        {info?.url !== undefined && (
          <>
            {' · '}
            <WebLink address={info.url} />
          </>
        )}
      </p>
      <DataTable
        caption={`Points of ${run}`}
        columns={columns}
        rows={rows}
        place={place}
        empty="No point of it is on this site."
      />
    </section>
  );
}

function columnsOf(points: TableData): readonly TableColumn<number>[] {
  const text = (key: string, label: string): TableColumn<number> => ({
    key,
    label,
    value: (row) => textAt(points, key, row),
  });
  const number = (key: string, label: string, unit?: string): TableColumn<number> => ({
    key,
    label,
    isNumber: true,
    value: (row) => numberAt(points, key, row),
    ...(unit === undefined ? {} : { unit }),
  });
  return [
    {
      key: 'point',
      label: 'Point',
      value: (row) => textAt(points, 'point', row),
      cell: (row) => {
        const [run, point] = [textAt(points, 'run', row) ?? '', textAt(points, 'point', row) ?? ''];
        return (
          <a class="name" href={pointLink(run, point)}>
            {point}
          </a>
        );
      },
    },
    { key: 'outcome', label: 'Outcome', value: (row) => outcomeOf(points, row) },
    {
      key: 'model',
      label: 'Model',
      value: (row) => textAt(points, 'infmax_model_prefix', row) ?? textAt(points, 'model', row),
    },
    {
      key: 'sku',
      label: 'Hardware',
      value: (row) => textAt(points, 'sku', row) ?? textAt(points, 'hw', row),
    },
    text('framework', 'Framework'),
    text('precision', 'Precision'),
    text('spec_decoding', 'Speculative'),
    number('isl', 'ISL', 'tokens'),
    number('osl', 'OSL', 'tokens'),
    number('conc', 'Concurrency'),
    number('rate', 'Rate', 'requests/s'),
    {
      key: 'reason',
      label: 'Error or marks',
      value: (row) =>
        [textAt(points, 'error_code', row), ...textsAt(points, 'marks', row)]
          .filter((code) => code !== undefined)
          .join(', '),
    },
  ];
}
