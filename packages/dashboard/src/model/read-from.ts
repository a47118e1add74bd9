import type { TableData } from '../site/table.js';
import { flagAt } from './cells.js';

/** What isn't from dropped files. */
export const OWN = 'this site';

/** Where a point was read: files that were dropped on the page, or the site itself. Undefined on a site without such files. */
export function readFrom(points: TableData, row: number): string | undefined {
  const isDropped = flagAt(points, 'is_dropped', row);
  return isDropped === undefined ? undefined : isDropped ? 'dropped files' : OWN;
}
