import { useEffect, useState } from 'preact/hooks';
import { loadData } from './load.js';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'loaded'; readonly value: T }
  | { readonly state: 'failed'; readonly message: string };

/** A file of the site's data. */
export function useData<T>(name: string): Loaded<T> {
  const [loaded, setLoaded] = useState<{ readonly name: string; readonly result: Loaded<T> }>();
  useEffect(() => {
    let isCurrent = true;
    const set = (result: Loaded<T>): void => {
      if (isCurrent) setLoaded({ name, result });
    };
    loadData<T>(name).then(
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
