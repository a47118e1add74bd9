import { useMemo } from 'preact/hooks';
import type { SiteRun } from '../../../src/site/site-data.js';
import { rowsOf, textAt } from '../../../src/model/cells.js';
import { outcomesByRun, type OutcomeCounts } from '../../../src/model/outcomes.js';
import { readFrom } from '../../../src/model/read-from.js';
import { useSite } from '../../data/site.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import { Time } from '../../parts/time.js';
import { runLink } from '../../state/links.js';
import type { Place } from '../../state/url.js';
import type { View } from '../view.js';
import { RunPoints } from './run-points.js';

export const runs: View = { name: 'runs', label: 'Runs', Page: Runs };

/** The runs that the site was made of, or the points of one of them. */
function Runs({ place }: { readonly place: Place }) {
  const run = place.params['run'];
  return run === undefined ? <AllRuns place={place} /> : <RunPoints place={place} run={run} />;
}

interface RunRow extends SiteRun {
  readonly outcomes: OutcomeCounts | undefined;
  /** Where there are dropped files. */
  readonly from: string | undefined;
}

function AllRuns({ place }: { readonly place: Place }) {
  const { index, points } = useSite();
  const rows = useMemo(() => {
    const outcomes = outcomesByRun(points);
    const from = new Map(rowsOf(points).map((row) => [textAt(points, 'run', row), readFrom(points, row)]));
    return index.runs.map((run) => ({
      ...run,
      outcomes: outcomes.get(run.run),
      from: from.get(run.run),
    }));
  }, [index, points]);
  return (
    <section>
      <h2>Runs</h2>
      <p class="lead">
        What this site was made of. A run has numbers by the definitions of its origin; those of different
        origins may differ.
      </p>
      <DataTable
        caption="Runs"
        columns={rows.some(({ from }) => from !== undefined) ? WITH_FROM : COLUMNS}
        rows={rows}
        place={place}
        sorted="-begin"
        empty="This site has no runs."
      />
    </section>
  );
}

const COLUMNS: readonly TableColumn<RunRow>[] = [
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
  { key: 'origin', label: 'Origin', value: ({ origin }) => origin },
  { key: 'state', label: 'State', value: ({ state }) => state },
  {
    key: 'begin',
    label: 'Begin',
    value: ({ startedAt }) => startedAt,
    cell: ({ startedAt }) => <Time value={startedAt} />,
  },
  { key: 'points', label: 'Points', isNumber: true, value: ({ points }) => points },
  ...(['valid', 'invalid', 'failed', 'rejected', 'skipped', 'interrupted'] as const).map((outcome) => ({
    key: outcome,
    label: outcome.charAt(0).toUpperCase() + outcome.slice(1),
    isNumber: true,
    value: ({ outcomes }: RunRow) => outcomes?.[outcome],
  })),
];

const WITH_FROM: readonly TableColumn<RunRow>[] = [
  ...COLUMNS,
  { key: 'from', label: 'Read from', value: ({ from }) => from },
];
