import type { TableColumn } from '../../parts/data-table.js';

interface Counts {
  readonly attempted: number;
  readonly succeeded: number;
}

/** Next to the two counts; none where nothing was attempted. */
export function shareColumn<R extends Counts>(): TableColumn<R> {
  return {
    key: 'share',
    label: 'Share',
    unit: '%',
    isNumber: true,
    value: ({ attempted, succeeded }) =>
      attempted === 0 ? undefined : Math.round((1000 * succeeded) / attempted) / 10,
  };
}
