import { useMemo } from 'preact/hooks';
import { rowsOf, textAt } from '../../../src/model/cells.js';
import type { TableData } from '../../../src/site/table.js';
import { useSite } from '../../data/site.js';
import { useData } from '../../data/use-data.js';
import { WebLink } from '../../parts/web-link.js';
import type { PlottedNote } from './history-plot.js';

/** An entry of the changelog that a run was started for. */
export interface ChangelogNote extends PlottedNote {
  readonly date: string;
  readonly keys: string | undefined;
  readonly description: string | undefined;
  readonly link: string | undefined;
}

/** Entries of these runs, the oldest first; none where the site has no changelog. */
export function useNotes(runs: readonly string[]): readonly ChangelogNote[] {
  const { index } = useSite();
  // A site without one has no such file to ask for: `points` is always there.
  const has = index.files.includes('changelog');
  const loaded = useData<TableData>(has ? 'changelog' : 'points');
  const names = runs.join('\u0000');
  return useMemo(() => {
    if (!has || loaded.state !== 'loaded') return [];
    const table = loaded.value;
    const text = (name: string, row: number): string | undefined => textAt(table, name, row);
    const wanted = new Set(names.split('\u0000'));
    return rowsOf(table)
      .filter((row) => wanted.has(text('run', row) ?? ''))
      .map((row, index) => ({
        ...{ number: index + 1, date: (text('date', row) ?? '').slice(0, 10), run: text('run', row) ?? '' },
        ...{ keys: text('keys', row), description: text('description', row), link: text('link', row) },
      }));
  }, [has, loaded, names]);
}

export function ChangelogNotes({ notes }: { readonly notes: readonly ChangelogNote[] }) {
  if (notes.length === 0) return null;
  return (
    <>
      <h4>Changelog entries that these runs were started for</h4>
      <ol>
        {notes.map(({ number, date, keys, description, link }) => (
          <li key={number} value={number}>
            {date} {keys !== undefined && <code>{keys}</code>} {description}{' '}
            {link !== undefined && <WebLink address={link} />}
          </li>
        ))}
      </ol>
    </>
  );
}
