import { joinedTables } from '../site/joined-tables.js';
import { DETAILS_PER_FILE, type MetricColumn, type PointDetail, type SiteIndex } from '../site/site-data.js';
import type { SiteReader } from '../site/site-reader.js';
import { flagColumn, numberColumn, type TableData } from '../site/table.js';

/** Column of the points of a joined site: whether a point is of dropped files. */
export const DROPPED = 'is_dropped';
/** Numbers by which a measurement is known that is there twice, as the store's `results` knows it. */
const FINGERPRINT = ['tput_per_gpu', 'median_ttft', 'median_e2el'];

/** A site with points of dropped files, which come after its own. */
export async function joinedSite(site: SiteReader, dropped: SiteReader): Promise<SiteReader> {
  const metrics = joinedMetrics(site, dropped);
  const points = await joinedPoints(site, dropped, metrics);
  const own = site.points.rows;
  const files = [...new Set([...site.index.files, ...dropped.index.files])];
  const index: SiteIndex = {
    ...site.index,
    ...{ points: points.rows, files, metrics: [...metrics.values()].map(({ metric }) => metric) },
    runs: [...site.index.runs, ...dropped.index.runs],
  };
  const load = async (name: string): Promise<unknown> => {
    const metric = [...metrics.values()].find(({ metric: { file } }) => file === name);
    if (metric !== undefined) return metric.load();
    if (name === 'points') return points;
    const [kind = '', number] = name.split('/');
    if (kind === 'details') return joinedDetails(site, dropped, Number(number));
    if (kind === 'requests' || kind === 'samples') {
      const row = Number(number);
      return row < own ? site.load(name) : dropped.load(`${kind}/${row - own}`);
    }
    const holders = [site, dropped].filter(({ index: { files: there } }) => there.includes(name));
    const [first, second] = holders;
    // Noise is what the site has learnt from its own repeats; only where it knows none, what the dropped files say.
    if (first === undefined || second === undefined || name === 'noise') {
      const found = await (first ?? site).load(name);
      return name === 'between' && first === dropped ? shifted(found as TableData, own) : found;
    }
    const [a, b] = (await Promise.all([first.load(name), second.load(name)])) as [TableData, TableData];
    return joinedTables(a, name === 'between' ? shifted(b, own) : b);
  };
  return { index, points, load };
}

interface JoinedMetric {
  readonly metric: SiteIndex['metrics'][number];
  readonly load: () => Promise<MetricColumn>;
}

function joinedMetrics(site: SiteReader, dropped: SiteReader): ReadonlyMap<string, JoinedMetric> {
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
      const load = async (): Promise<MetricColumn> => ({
        key,
        values: [...(await valuesOf(site, own.get(key))), ...(await valuesOf(dropped, added.get(key)))],
      });
      return [[key, { metric: { ...metric, file: `joined/${at}` }, load }] as const];
    }),
  );
}

async function joinedPoints(
  site: SiteReader,
  dropped: SiteReader,
  metrics: ReadonlyMap<string, JoinedMetric>,
): Promise<TableData> {
  const own = site.points.rows;
  const { rows, columns } = joinedTables(site.points, dropped.points);
  const isDropped = Array.from({ length: rows }, (_, row) => row >= own);
  const copies = await copiesIn({ rows, columns }, own, metrics);
  const before = columns['is_duplicate'];
  const isCopy = isDropped.map((_, row) =>
    copies.has(row) ? true : before?.type === 'flag' ? (before.values[row] ?? undefined) : undefined,
  );
  return {
    rows,
    columns: { ...columns, is_duplicate: flagColumn(isCopy), [DROPPED]: flagColumn(isDropped) },
  };
}

/** Dropped rows with the numbers, to the last digit, of an earlier row of the same job. */
async function copiesIn(
  { rows, columns }: TableData,
  own: number,
  metrics: ReadonlyMap<string, JoinedMetric>,
): Promise<ReadonlySet<number>> {
  const loaded = await Promise.all(
    FINGERPRINT.map(async (key) => (await metrics.get(key)?.load())?.values ?? []),
  );
  const series = columns['series'];
  const seen = new Set<string>();
  const copies = new Set<number>();
  if (series?.type !== 'text') return copies;
  for (let row = 0; row < rows; row += 1) {
    const numbers = loaded.map((values) => values[row] ?? null);
    const code = series.codes[row] ?? null;
    if (code === null || numbers.every((value) => value === null)) continue;
    const key = JSON.stringify([code, numbers]);
    if (seen.has(key) && row >= own) copies.add(row);
    seen.add(key);
  }
  return copies;
}

async function joinedDetails(
  site: SiteReader,
  dropped: SiteReader,
  number: number,
): Promise<readonly PointDetail[]> {
  const own = site.points.rows;
  const [from, to] = [number * DETAILS_PER_FILE, (number + 1) * DETAILS_PER_FILE];
  const before = from < own ? ((await site.load(`details/${number}`)) as readonly PointDetail[]) : [];
  const after: PointDetail[] = [];
  const first = Math.max(from, own) - own;
  const last = Math.min(to - own, dropped.points.rows) - 1;
  for (let part = Math.floor(first / DETAILS_PER_FILE); part * DETAILS_PER_FILE <= last; part += 1) {
    const details = (await dropped.load(`details/${part}`)) as readonly PointDetail[];
    for (const detail of details)
      if (detail.row >= first && detail.row <= last) after.push({ ...detail, row: detail.row + own });
  }
  return [...before, ...after];
}

/** Rows of points, after those of another site. */
function shifted(table: TableData, by: number): TableData {
  const row = table.columns['row'];
  if (row?.type !== 'number') return table;
  const moved = numberColumn(row.values.map((value) => (value === null ? undefined : value + by)));
  return { ...table, columns: { ...table.columns, row: moved } };
}
