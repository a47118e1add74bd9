import { useMemo } from 'preact/hooks';
import { jobAttempts, jobsBySku, type SkuJobs } from '../../../src/model/reliability.js';
import type { TableData } from '../../../src/site/table.js';
import { useData } from '../../data/use-data.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import type { Place } from '../../state/url.js';
import { OverTime } from './over-time.js';
import { shareColumn } from './share.js';

/** As the imported files count jobs: which layer failed they don't say. */
export function ImportedJobs({ place }: { readonly place: Place }) {
  const table = useData<TableData>('success');
  const { skus, attempts, undated } = useMemo(() => {
    const all = table.state === 'loaded' ? jobAttempts(table.value) : [];
    return {
      skus: jobsBySku(all),
      attempts: all,
      undated: all.filter(({ day }) => day === undefined).length,
    };
  }, [table]);
  if (table.state === 'loading') return <p role="status">Loading counts of jobs …</p>;
  if (table.state === 'failed') return <p role="alert">Counts of jobs can't be shown: {table.message}.</p>;
  if (skus.length === 0) return <p class="empty">No imported row has both counts.</p>;
  return (
    <>
      <p>
        As the imported files count them, all frameworks and models together. They don't say what failed.
        {undated > 0 && ` ${undated} counts have no day, and are in no week.`}
      </p>
      <DataTable caption="Jobs by hardware" name="jobs" columns={COLUMNS} rows={skus} place={place} />
      <OverTime what="Jobs" name="job-weeks" attempts={attempts} place={place} />
    </>
  );
}

const COLUMNS: readonly TableColumn<SkuJobs>[] = [
  { key: 'sku', label: 'Hardware', value: ({ sku }) => sku },
  { key: 'attempted', label: 'Attempted', isNumber: true, value: ({ attempted }) => attempted },
  { key: 'succeeded', label: 'Succeeded', isNumber: true, value: ({ succeeded }) => succeeded },
  shareColumn(),
];
