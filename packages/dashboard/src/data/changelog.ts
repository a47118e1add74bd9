import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { list, object, parsed, select, text } from '@sweepline/store/read';
import { textColumn, type TableData } from '../site/table.js';
import { CHANGELOG_COLUMNS } from '../site/site-data.js';
import { CHOSEN, type Chosen } from './chosen.js';
import { asText } from './columns.js';

type Entry = Readonly<Record<(typeof CHANGELOG_COLUMNS)[number], string | undefined>>;

/** `changelog`: the entries that runs of chosen points were started for, the oldest run first. Undefined where there are none. */
export async function changelogTable({ connection }: Chosen): Promise<TableData | undefined> {
  const runs = await select(
    connection,
    `SELECT DISTINCT p.run, p.folder, p.started_at FROM run_parts p WHERE p.origin = 'sweepline'
      AND p.run IN (SELECT run FROM ${CHOSEN}) ORDER BY p.started_at, p.run, p.folder`,
  );
  const entries = new Map<string, Entry>();
  for (const [run, folder, startedAt] of runs)
    for (const entry of await entriesOf(asText(folder) ?? '', asText(run) ?? '', asText(startedAt)))
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
async function entriesOf(folder: string, run: string, date: string | undefined): Promise<readonly Entry[]> {
  const file = parsed(await readFile(join(folder, 'run.json'), 'utf8').catch(() => undefined));
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
