import { linesOf } from '../index/lines.js';
import type { Identity } from '../index/tables.js';
import type { SourceRow } from '../index/rows.js';
import { seriesOf } from '../index/series.js';
import { number, object, text, type Json } from '../json.js';
import type { Imported, ImportFormat } from './format.js';
import { evalRow } from './inferencex-evals.js';
import { apiIdentity, measured } from './inferencex-rows.js';
import { readJson } from './read-json.js';
import { Skipped } from './skipped.js';

const RESULTS = 'benchmark_results.json';
const CONFIGS = 'configs.json';
const RUNS = 'workflow_runs.json';
const EVALS = 'eval_results.json';
const STATS = 'run_stats.json';

/** A folder with the tables of the database of InferenceX's dashboard, a file each, a row to a line: `db:dump` of InferenceX-app. */
export const inferencexDump: ImportFormat = {
  name: 'inferencex-dump',
  origin: 'inferencex',
  files: [RESULTS, CONFIGS, RUNS, EVALS, STATS],
  async *rows(imported) {
    const configs = byId(await allOf(imported, CONFIGS));
    const runs = lastAttempts(await allOf(imported, RUNS));
    for (const run of runs.values())
      yield {
        table: 'run_parts',
        cells: {
          ...{
            run: nameOf(run),
            folder: imported.files.get(RUNS),
            origin: 'inferencex',
            reason: reasonOf(run),
          },
          ...{
            started_at: text(run['run_started_at']) ?? text(run['created_at']),
            url: text(run['html_url']),
          },
        },
      };
    const joined = (table: string, toRows: (row: DumpRow) => Iterable<SourceRow> | string) =>
      join(imported, table, { configs, runs }, toRows);
    yield* joined(RESULTS, resultRows);
    yield* joined(EVALS, (at) => evalRow(at, at.identity, object(at.row['metrics']), { date: at.date }));
    yield* joined(STATS, ({ row, run, file, date }) => [
      {
        table: 'success',
        cells: {
          ...{ run, sku: text(row['hardware']), date, file },
          ...{ n_success: number(row['n_success']), total: number(row['total']) },
        },
      },
    ]);
  },
};

/** A row of a table, with what its config and its run say. */
interface DumpRow {
  readonly row: Json;
  readonly identity: Identity;
  readonly run: string;
  readonly point: string;
  readonly file: string;
  readonly date: string | undefined;
}

function resultRows(at: DumpRow): Iterable<SourceRow> | string {
  const { row, identity, run, point, file, date: finished_at } = at;
  const error = text(row['error']);
  if (error === undefined) return measured(at, identity, object(row['metrics']), { finished_at });
  const found = {
    run,
    point,
    origin: 'inferencex',
    series: seriesOf(identity),
    state: 'failed',
    is_valid: false,
  };
  return [{ table: 'result_rows', identity, cells: { ...found, error, finished_at, file } }];
}

/** Stands for the config in tables whose rows name none. */
const NO_CONFIG: Json = {};

interface Joined {
  readonly configs: ReadonlyMap<string, Json>;
  readonly runs: ReadonlyMap<string, Json>;
}

async function* join(
  imported: Imported,
  table: string,
  { configs, runs }: Joined,
  toRows: (row: DumpRow) => Iterable<SourceRow> | string,
): AsyncIterable<SourceRow> {
  const file = imported.files.get(table);
  const skipped = new Skipped();
  const identityOf = identities();
  let index = 0;
  for await (const row of rowsOf(imported, table)) {
    const run = runs.get(idOf(row['workflow_run_id']));
    const config = 'config_id' in row ? configs.get(idOf(row['config_id'])) : NO_CONFIG;
    const found =
      run === undefined
        ? 'its run is not in the dump, or was run again'
        : config === undefined
          ? 'its config is not in the dump'
          : toRows({
              row,
              identity: identityOf(config, row),
              run: nameOf(run),
              point: `${table}:${index}`,
              file: file ?? table,
              date: text(run['created_at']) ?? text(row['date']),
            });
    index += 1;
    if (typeof found === 'string') skipped.add(found);
    else yield* found;
  }
  yield* skipped.rows(imported.run, file);
}

/** Gives rows that measure the same the same identity, whose series is then made once. */
function identities(): (config: Json, row: Json) => Identity {
  const ofConfigs = new Map<Json, { readonly config: Identity; readonly ofRows: Map<string, Identity> }>();
  return (json, row) => {
    const known = ofConfigs.get(json) ?? { config: apiIdentity(json), ofRows: new Map<string, Identity>() };
    ofConfigs.set(json, known);
    const own = {
      ...{ isl: number(row['isl']), osl: number(row['osl']) },
      ...{ conc: number(row['conc']), image: text(row['image']) },
    };
    const key = `${own.isl ?? ''} ${own.osl ?? ''} ${own.conc ?? ''} ${own.image ?? ''}`;
    const identity = known.ofRows.get(key) ?? { ...known.config, ...own };
    known.ofRows.set(key, identity);
    return identity;
  };
}

/** A table's rows: one to a line, with commas between them. A file of another layout is read as a whole. */
async function* rowsOf({ files, tree }: Imported, table: string): AsyncIterable<Json> {
  const file = files.get(table);
  if (file === undefined) return;
  let isByLine = true;
  for await (const line of linesOf(tree, file)) {
    if (line.number === 1) {
      isByLine = line.text.trim() === '[';
      if (!isByLine) break;
    } else if (line.text.trim() !== ']') {
      yield object(JSON.parse(withoutComma(line.text)));
    }
  }
  if (isByLine) return;
  const all = await readJson(tree, file);
  for (const row of Array.isArray(all) ? all : []) yield object(row);
}

function withoutComma(text: string): string {
  const trimmed = text.trimEnd();
  return trimmed.endsWith(',') ? trimmed.slice(0, -1) : trimmed;
}

async function allOf(imported: Imported, table: string): Promise<readonly Json[]> {
  const rows: Json[] = [];
  for await (const row of rowsOf(imported, table)) rows.push(row);
  return rows;
}

/** Numbers of 64 bits are text in a dump. */
function idOf(value: unknown): string {
  return String(value);
}

function byId(rows: readonly Json[]): ReadonlyMap<string, Json> {
  return new Map(rows.map((row) => [idOf(row['id']), row]));
}

/** Of each run the last attempt, as the dashboard shows it. */
function lastAttempts(rows: readonly Json[]): ReadonlyMap<string, Json> {
  const last = new Map<string, Json>();
  for (const row of rows) {
    const other = last.get(nameOf(row));
    if (other === undefined || Number(other['run_attempt']) < Number(row['run_attempt']))
      last.set(nameOf(row), row);
  }
  return byId([...last.values()]);
}

function nameOf(run: Json): string {
  return `run_${idOf(run['github_run_id'])}`;
}

function reasonOf(run: Json): string | undefined {
  const conclusion = text(run['conclusion']);
  return conclusion === 'success' ? undefined : conclusion;
}
