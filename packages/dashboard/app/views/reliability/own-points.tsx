import { useMemo } from 'preact/hooks';
import {
  endingsBySku,
  endingsOf,
  failuresByLayer,
  pointAttempts,
  type LayerFailures,
  type SkuEndings,
} from '../../../src/model/reliability.js';
import { useSite } from '../../data/site.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import type { Place } from '../../state/url.js';
import { OverTime } from './over-time.js';
import { shareColumn } from './share.js';

/** From the states of points: each was attempted once per repeat. */
export function OwnPoints({ place }: { readonly place: Place }) {
  const { points } = useSite();
  const { skus, layers, attempts } = useMemo(() => {
    const endings = endingsOf(points);
    return {
      skus: endingsBySku(endings),
      layers: failuresByLayer(endings),
      attempts: pointAttempts(endings),
    };
  }, [points]);
  if (skus.length === 0) return <p class="empty">This site has no points that Sweepline measured.</p>;
  return (
    <>
      <p>
        A point succeeded if it has numbers, invalid ones among them. What was interrupted, rejected (its plan
        was refused) or skipped is neither a success nor a failure.
      </p>
      <DataTable caption="Points by hardware" name="points" columns={SKU_COLUMNS} rows={skus} place={place} />
      <DataTable
        caption="Failures by layer"
        name="layers"
        columns={LAYER_COLUMNS}
        rows={layers}
        place={place}
        sorted="-failed"
        empty="No point failed."
      />
      <OverTime what="Points" name="point-weeks" attempts={attempts} place={place} />
    </>
  );
}

const SKU_COLUMNS: readonly TableColumn<SkuEndings>[] = [
  { key: 'sku', label: 'Hardware', value: ({ sku }) => sku },
  { key: 'attempted', label: 'Attempted', isNumber: true, value: ({ attempted }) => attempted },
  { key: 'succeeded', label: 'Succeeded', isNumber: true, value: ({ succeeded }) => succeeded },
  shareColumn(),
  { key: 'invalid', label: 'Succeeded, but invalid', isNumber: true, value: ({ invalid }) => invalid },
  { key: 'failed', label: 'Failed', isNumber: true, value: ({ failed }) => failed },
  { key: 'rejected', label: 'Rejected', isNumber: true, value: ({ rejected }) => rejected },
  { key: 'skipped', label: 'Skipped', isNumber: true, value: ({ skipped }) => skipped },
  { key: 'interrupted', label: 'Interrupted', isNumber: true, value: ({ interrupted }) => interrupted },
];

const LAYER_COLUMNS: readonly TableColumn<LayerFailures>[] = [
  { key: 'layer', label: 'Layer', value: ({ layer }) => layer },
  { key: 'sku', label: 'Hardware', value: ({ sku }) => sku },
  { key: 'code', label: 'Error', value: ({ code }) => code, cell: ({ code }) => <code>{code}</code> },
  { key: 'failed', label: 'Failed', isNumber: true, value: ({ failed }) => failed },
];
