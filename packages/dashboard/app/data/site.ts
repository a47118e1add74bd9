import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { SiteIndex } from '../../src/site/site-data.js';
import type { TableData } from '../../src/site/table.js';

/** What every view has: the index, and the table of points. */
export interface Site {
  readonly index: SiteIndex;
  readonly points: TableData;
}

export const SiteContext = createContext<Site | undefined>(undefined);

export function useSite(): Site {
  const site = useContext(SiteContext);
  if (site === undefined) throw new Error('a view is drawn before its site is loaded');
  return site;
}
