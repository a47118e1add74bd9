import { useEffect, useState } from 'preact/hooks';
import { loadData } from './load.js';
import { useSite } from './site.js';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'loaded'; readonly value: T }
  | { readonly state: 'failed'; readonly message: string };

/** A file of the site's data. */
export function useData<T>(name: string): Loaded<T> {
  return useLoaded(name, loadData<T>);
}

/** A file that not every site has: undefined where the index does not list it. */
export function useListedData<T>(name: string): Loaded<T | undefined> {
  const { index } = useSite();
  return useLoaded(name, index.files.includes(name) ? loadData<T> : nothing);
}

function nothing(): Promise<undefined> {
  return Promise.resolve(undefined);
}

function useLoaded<T>(name: string, load: (name: string) => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<{ readonly name: string; readonly result: Loaded<T> }>();
  useEffect(() => {
    let isCurrent = true;
    const set = (result: Loaded<T>): void => {
      if (isCurrent) setLoaded({ name, result });
    };
    load(name).then(
      (value) => set({ state: 'loaded', value }),
      (error: unknown) =>
        set({ state: 'failed', message: error instanceof Error ? error.message : 'unknown' }),
    );
    return () => {
      isCurrent = false;
    };
  }, [name]);
  return loaded?.name === name ? loaded.result : { state: 'loading' };
}
