import { useEffect, useState } from 'preact/hooks';
import type { SiteReader } from '../../src/site/site-reader.js';
import { useSite } from './site.js';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'loaded'; readonly value: T }
  | { readonly state: 'failed'; readonly message: string };

/** A file of the site's data. */
export function useData<T>(name: string): Loaded<T> {
  const site = useSite();
  const [loaded, setLoaded] = useState<{
    readonly name: string;
    readonly site: SiteReader;
    readonly result: Loaded<T>;
  }>();
  useEffect(() => {
    let isCurrent = true;
    const set = (result: Loaded<T>): void => {
      if (isCurrent) setLoaded({ name, site, result });
    };
    site.load(name).then(
      (value) => set({ state: 'loaded', value: value as T }),
      (error: unknown) =>
        set({ state: 'failed', message: error instanceof Error ? error.message : 'unknown' }),
    );
    return () => {
      isCurrent = false;
    };
  }, [name, site]);
  return loaded?.name === name && loaded.site === site ? loaded.result : { state: 'loading' };
}

/** A file that not every site has: undefined where the index does not list it. */
export function useListedData<T>(name: string): Loaded<T | undefined> {
  const { index } = useSite();
  const isListed = index.files.includes(name);
  const loaded = useData<T>(isListed ? name : 'points');
  return isListed || loaded.state !== 'loaded' ? loaded : NOTHING;
}

const NOTHING = { state: 'loaded', value: undefined } as const;
