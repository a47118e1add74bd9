import { median } from '@sweepline/core/statistics';
import { grouped, hasStalled, type Measurement } from '@sweepline/store/judge';
import { BETWEEN_COLUMNS } from '../site/site-data.js';
import { numberColumn, textColumn, type TableData } from '../site/table.js';
import type { Chosen } from './chosen.js';
import { asText } from './columns.js';
import type { Learnt, LearntMetric } from './noise.js';

type Metric = Learnt['noises'][number]['metric'];

interface Between {
  readonly row: number;
  readonly metric: string;
  readonly low: number;
  readonly high: number;
  readonly runs: number;
  readonly basis: 'repeats' | 'noise-model';
}

const LEVEL = 0.95;
const UPPER = (1 + LEVEL) / 2;
/** The range of so many runs holds the median of all with a probability of 0.97; that of fewer with less than 0.95. */
const RUNS_OF_RANGE = 6;

/** `between`: of the metrics that are compared, how far a valid point's number may be off from run to run. */
export async function betweenTable(chosen: Chosen, { known, noises }: Learnt): Promise<TableData> {
  const groups = groupsOf(known, await rowsByName(chosen));
  const all = noises.flatMap(({ metric, noise }) => intervalsOf(metric, noise, groups));
  return {
    rows: all.length,
    columns: Object.fromEntries(
      BETWEEN_COLUMNS.map((name) =>
        name === 'metric' || name === 'basis'
          ? [name, textColumn(all.map((one) => one[name]))]
          : [name, numberColumn(all.map((one) => (name === 'level' ? LEVEL : one[name])))],
      ),
    ),
  };
}

/** Rows of chosen points by run and name. */
async function rowsByName(chosen: Chosen): Promise<ReadonlyMap<string, number>> {
  const cells = await chosen.cells(['run', 'point']);
  const points = cells.get('point') ?? [];
  return new Map(
    (cells.get('run') ?? []).map((run, row) => [keyOf(asText(run) ?? '', asText(points[row]) ?? ''), row]),
  );
}

function keyOf(run: string, point: string): string {
  return JSON.stringify([run, point]);
}

/** Measurements of the same with the same software, each with its row where it is chosen. */
function groupsOf(
  known: readonly Measurement[],
  rows: ReadonlyMap<string, number>,
): readonly (readonly Placed[])[] {
  const groups = grouped(known, ({ series, software }) => `${series}\u0000${software}`);
  return [...groups.values()].map((group) =>
    group.map((measurement) => ({ measurement, row: rows.get(keyOf(measurement.run, measurement.point)) })),
  );
}

interface Placed {
  readonly measurement: Measurement;
  readonly row: number | undefined;
}

function intervalsOf(
  metric: Metric,
  noise: LearntMetric,
  groups: readonly (readonly Placed[])[],
): readonly Between[] {
  return groups
    .flatMap((all) => {
      const group = all.filter(({ measurement: { metrics } }) => metrics[metric.key] !== undefined);
      const interval = intervalOf(
        group.map(({ measurement }) => measurement),
        metric,
        noise,
      );
      if (interval === undefined) return [];
      return group.flatMap(({ row }) =>
        row === undefined ? [] : [{ row, metric: metric.key, ...interval }],
      );
    })
    .toSorted((a, b) => a.row - b.row);
}

/** Of one run its number's interval; of several that of their median. Undefined where too few repeats are known. */
function intervalOf(
  group: readonly Measurement[],
  metric: Metric,
  noise: LearntMetric,
): Omit<Between, 'row' | 'metric'> | undefined {
  const values = group.flatMap(({ metrics }) => metrics[metric.key] ?? []);
  const middle = median(values);
  if (middle === undefined) return undefined;
  const runs = values.length;
  const basis = runs > 1 ? 'repeats' : 'noise-model';
  const stalled = metric.movedByStalls ? group.filter(hasStalled).length : 0;
  const model = 2 * stalled >= runs ? noise.stalledPoints : noise.points;
  if (model === undefined)
    return runs < RUNS_OF_RANGE
      ? undefined
      : { low: Math.min(...values), high: Math.max(...values), runs, basis };
  // The model has the difference of two such numbers, each of which has half of its variance.
  const half = model.noiseOf(group[0]!.cell, { runs: [runs, runs] }).quantile(UPPER) / Math.SQRT2;
  return { low: middle * Math.exp(-half), high: middle * Math.exp(half), runs, basis };
}
