import type { SiteIndex } from './site-data.js';
import type { TableData } from './table.js';

/** A site's data as pages read it. */
export interface SiteReader {
  readonly index: SiteIndex;
  readonly points: TableData;
  /**
   * A file of its data by its name without extension: see site-data.ts.
   * @throws {Error} if there is none, or it can't be read
   */
  load(name: string): Promise<unknown>;
}
