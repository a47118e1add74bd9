import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { SiteReader } from '../../src/site/site-reader.js';

/** What every view has: the site, with the dropped files that were added to it. */
export const SiteContext = createContext<SiteReader | undefined>(undefined);

export function useSite(): SiteReader {
  const site = useContext(SiteContext);
  if (site === undefined) throw new Error('a view is drawn before its site is loaded');
  return site;
}
