import { rowsOf, textAt } from '../model/cells.js';
import { joinedTables, reordered } from '../site/joined-tables.js';
import { DETAILS_PER_FILE, type MetricColumn, type PointDetail, type SiteIndex } from '../site/site-data.js';
import type { SiteReader } from '../site/site-reader.js';
import { flagColumn, numberColumn, type TableData } from '../site/table.js';

/** Column of the points of a joined site: whether a point is from dropped files. */
export const DROPPED = 'is_dropped';
/** Numbers by which a measurement is known that is there twice, as the store's `results` knows it. */
const FINGERPRINT = ['tput_per_gpu', 'median_ttft', 'median_e2el'];

/** A site with points of dropped files. The rows of both are in the order of their time, as those of a site are. */
export async function joinedSite(site: SiteReader, dropped: SiteReader): Promise<SiteReader> {
  const both = joinedTables(site.points, dropped.points);
  const order = orderOf(both);
  const join: Join = { site, dropped, order, placeOf: placesOf(order) };
  const metrics = joinedMetrics(join);
  const points = await joinedPoints(both, join, metrics);
  const files = [...new Set([...site.index.files, ...dropped.index.files])];
  const index: SiteIndex = {
    ...site.index,
    ...{ points: points.rows, files, metrics: [...metrics.values()].map(({ metric }) => metric) },
    runs: [...site.index.runs, ...dropped.index.runs],
  };
  const ofFile = new Map([...metrics.values()].map(({ metric: { file }, load }) => [file, load]));
  const load = async (name: string): Promise<unknown> => {
    const ofMetric = ofFile.get(name);
    if (ofMetric !== undefined) return ofMetric();
    if (name === 'points') return points;
    const [kind = '', number] = name.split('/');
    if (kind === 'details') return joinedDetails(join, Number(number));
    if (kind === 'requests' || kind === 'samples') {
      const { reader, row } = rowIn(join, Number(number));
      return reader.load(`${kind}/${row}`);
    }
    return joinedFile(join, name);
  };
  return { index, points, load };
}

interface Join {
  readonly site: SiteReader;
  readonly dropped: SiteReader;
  /** By row of the joined site: the row in the site's, or after them in those of the dropped files. */
  readonly order: readonly number[];
  /** The other way round. */
  readonly placeOf: readonly number[];
}

/** The oldest first, what has no time last; the site's own first where times are the same. */
function orderOf(points: TableData): readonly number[] {
  const times = rowsOf(points).map(
    (row) => textAt(points, 'started_at', row) ?? textAt(points, 'finished_at', row) ?? '\uffff',
  );
  return times.map((_, row) => row).sort((a, b) => compared(times[a], times[b]) || a - b);
}

function compared(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function placesOf(order: readonly number[]): readonly number[] {
  const places: number[] = [];
  order.forEach((from, place) => {
    places[from] = place;
  });
  return places;
}

/** Where a row of the joined site is from. */
function rowIn(
  { site, dropped, order }: Join,
  row: number,
): { readonly reader: SiteReader; readonly row: number } {
  const from = order[row] ?? -1;
  const own = site.points.rows;
  return from < own ? { reader: site, row: from } : { reader: dropped, row: from - own };
}

interface JoinedMetric {
  readonly metric: SiteIndex['metrics'][number];
  readonly load: () => Promise<MetricColumn>;
}

function joinedMetrics({ site, dropped, order }: Join): ReadonlyMap<string, JoinedMetric> {
  const of = ({ index }: SiteReader) => new Map(index.metrics.map((metric) => [metric.key, metric]));
  const [own, added] = [of(site), of(dropped)];
  const valuesOf = async (
    from: SiteReader,
    metric: SiteIndex['metrics'][number] | undefined,
  ): Promise<MetricColumn['values']> =>
    metric === undefined
      ? Array.from({ length: from.points.rows }, () => null)
      : ((await from.load(metric.file)) as MetricColumn).values;
  return new Map(
    [...new Set([...own.keys(), ...added.keys()])].flatMap((key, at) => {
      const metric = own.get(key) ?? added.get(key);
      if (metric === undefined) return [];
      const load = async (): Promise<MetricColumn> => {
        const values = [
          ...(await valuesOf(site, own.get(key))),
          ...(await valuesOf(dropped, added.get(key))),
        ];
        return { key, values: order.map((from) => values[from] ?? null) };
      };
      return [[key, { metric: { ...metric, file: `joined/${at}` }, load }] as const];
    }),
  );
}

async function joinedPoints(
  both: TableData,
  { site, order }: Join,
  metrics: ReadonlyMap<string, JoinedMetric>,
): Promise<TableData> {
  const { rows, columns } = reordered(both, order);
  const isDropped = order.map((from) => from >= site.points.rows);
  const copies = await copiesIn({ rows, columns }, isDropped, metrics);
  const before = columns['is_duplicate'];
  const isCopy = isDropped.map((_, row) =>
    copies.has(row) ? true : before?.type === 'flag' ? (before.values[row] ?? undefined) : undefined,
  );
  return {
    rows,
    columns: { ...columns, is_duplicate: flagColumn(isCopy), [DROPPED]: flagColumn(isDropped) },
  };
}

/** Dropped rows with the numbers, to the last digit, of another row of the same job; of two dropped ones the second. */
async function copiesIn(
  { rows, columns }: TableData,
  isDropped: readonly boolean[],
  metrics: ReadonlyMap<string, JoinedMetric>,
): Promise<ReadonlySet<number>> {
  const loaded = await Promise.all(
    FINGERPRINT.map(async (key) => (await metrics.get(key)?.load())?.values ?? []),
  );
  const series = columns['series'];
  if (series?.type !== 'text') return new Set();
  const keyOf = (row: number): string | undefined => {
    const numbers = loaded.map((values) => values[row] ?? null);
    const code = series.codes[row] ?? null;
    return code === null || numbers.every((value) => value === null)
      ? undefined
      : JSON.stringify([code, numbers]);
  };
  const all = Array.from({ length: rows }, (_, row) => row);
  const seen = new Set(all.filter((row) => isDropped[row] !== true).map(keyOf));
  const copies = new Set<number>();
  for (const row of all) {
    const key = isDropped[row] === true ? keyOf(row) : undefined;
    if (key === undefined) continue;
    if (seen.has(key)) copies.add(row);
    seen.add(key);
  }
  return copies;
}

async function joinedDetails(join: Join, number: number): Promise<readonly PointDetail[]> {
  const from = number * DETAILS_PER_FILE;
  const details: PointDetail[] = [];
  for (let place = from; place < Math.min(from + DETAILS_PER_FILE, join.order.length); place += 1) {
    const { reader, row } = rowIn(join, place);
    const file = (await reader.load(
      `details/${Math.floor(row / DETAILS_PER_FILE)}`,
    )) as readonly PointDetail[];
    const detail = file.find((one) => one.row === row);
    if (detail !== undefined) details.push({ ...detail, row: place });
  }
  return details;
}

/** A table that a site need not have. */
async function joinedFile(join: Join, name: string): Promise<unknown> {
  const { site, dropped } = join;
  const [first = site, second] = [site, dropped].filter(({ index: { files } }) => files.includes(name));
  // Noise is what the site has learnt from its own repeats; only where it knows none, what the dropped files say.
  if (name === 'noise') return first.load(name);
  const tables = await Promise.all(
    [first, second].map(async (reader) => {
      if (reader === undefined) return undefined;
      const table = (await reader.load(name)) as TableData;
      return name === 'between' ? placed(table, join, reader === dropped ? site.points.rows : 0) : table;
    }),
  );
  const [a, b] = tables;
  return a === undefined || b === undefined ? a : joinedTables(a, b);
}

/** A table about points, whose rows have other places now. */
function placed(table: TableData, { placeOf }: Join, after: number): TableData {
  const row = table.columns['row'];
  if (row?.type !== 'number') return table;
  const moved = numberColumn(
    row.values.map((value) => (value === null ? undefined : placeOf[value + after])),
  );
  return { ...table, columns: { ...table.columns, row: moved } };
}
