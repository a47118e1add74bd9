import type { Row } from '../results/schema.js';

/** Sizes besides tp and ep, shown if they are not 1, by the key of the row: `pp2`, `dcp4`. */
const FURTHER = { pp: 'pp', dcp_size: 'dcp', pcp_size: 'pcp' } as const;

/** @param prefix `prefill_` or `decode_` for the sizes of workers */
export function furtherSizes(row: Row, prefix = ''): string[] {
  return Object.entries(FURTHER).flatMap(([key, name]) => {
    const size = row[prefix + key];
    return typeof size === 'number' && size !== 1 ? [`${name}${size}`] : [];
  });
}
