import { list, object, parsed, text } from '@sweepline/store/json';
import { textIn, type FileTree } from '@sweepline/store/rows';
import { textColumn, type TableData } from '../site/table.js';
import { CHANGELOG_COLUMNS } from '../site/site-data.js';
import type { Chosen } from './chosen.js';
import { asText } from './columns.js';

type Entry = Readonly<Record<(typeof CHANGELOG_COLUMNS)[number], string | undefined>>;

/** `changelog`: the entries that runs of chosen points were started for, the oldest run first. Undefined where there are none. */
export async function changelogTable(chosen: Chosen): Promise<TableData | undefined> {
  const entries = new Map<string, Entry>();
  for (const [run, folder, startedAt] of await chosen.folders())
    for (const entry of await entriesOf(
      chosen.tree,
      asText(folder) ?? '',
      asText(run) ?? '',
      asText(startedAt),
    ))
      entries.set(JSON.stringify(entry), entry);
  if (entries.size === 0) return undefined;
  const rows = [...entries.values()];
  return {
    rows: rows.length,
    columns: Object.fromEntries(
      CHANGELOG_COLUMNS.map((name) => [name, textColumn(rows.map((row) => row[name]))]),
    ),
  };
}

/** A run without a readable run.json has none. */
async function entriesOf(
  tree: FileTree,
  folder: string,
  run: string,
  date: string | undefined,
): Promise<readonly Entry[]> {
  const file = parsed(await textIn(tree, `${folder}/run.json`).catch(() => undefined));
  const { headRef, entries } = object(object(file)['changelog']);
  return list(entries).map((entry) => ({
    ...{ run, date, revision: text(headRef) },
    keys: linesOf(entry['config-keys']).join(' ') || undefined,
    description: linesOf(entry['description']).join(' ') || undefined,
    link: text(entry['pr-link']),
  }));
}

function linesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((line) => typeof line === 'string') : [];
}
