import { useEffect, useState } from 'preact/hooks';

/**
 * What is shown is in the address alone, after `#`: `#/fronts?model=dsr1&sku=b200,h200`. So that a link says it all, the back button works,
 * and it works from `file://` and in any folder of a host.
 */
export interface Place {
  readonly view: string;
  readonly params: Readonly<Record<string, string>>;
}

const DEFAULT_VIEW = 'fronts';

export function parsePlace(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return { view: path === '' ? DEFAULT_VIEW : path, params: Object.fromEntries(new URLSearchParams(query)) };
}

export function formatPlace({ view, params }: Place): string {
  const query = new URLSearchParams(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))).toString();
  return `#/${view}${query === '' ? '' : `?${query}`}`;
}

export type Change = Readonly<Record<string, string | undefined>>;

/** The parameters with a change; undefined and empty take one away. */
export function changed({ view, params }: Place, change: Change): Place {
  const all = Object.entries({ ...params, ...change }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  return { view, params: Object.fromEntries(all) };
}

/** Goes to a place: a new entry in the history, or in the place of the current one while something is dragged or typed. */
export function goTo(place: Place, { replace = false }: { readonly replace?: boolean } = {}): void {
  const hash = formatPlace(place);
  if (hash === location.hash) return;
  if (!replace) {
    location.hash = hash;
    return;
  }
  history.replaceState(null, '', hash);
  dispatchEvent(new HashChangeEvent('hashchange'));
}

/** The current place; the component is drawn again when it changes. */
export function usePlace(): Place {
  const [place, setPlace] = useState(() => parsePlace(location.hash));
  useEffect(() => {
    const follow = (): void => setPlace(parsePlace(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return place;
}
