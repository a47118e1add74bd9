import { betweenTable } from '../data/between.js';
import { changelogTable } from '../data/changelog.js';
import type { Chosen } from '../data/chosen.js';
import { metricsOf } from '../data/metrics.js';
import { learnNoises, siteNoise } from '../data/noise.js';
import { pointsTable } from '../data/points.js';
import { runsOf } from '../data/runs.js';
import { tableOf } from '../data/tables.js';
import {
  SITE_SCHEMA,
  type MetricColumn,
  type SiteHardware,
  type SiteIndex,
  type SiteMetric,
} from '../site/site-data.js';
import type { TableData } from '../site/table.js';
import type { DataFiles } from './data-files.js';

/** What a site is made of. */
export interface SitePoints {
  readonly chosen: Chosen;
  readonly hardware: readonly SiteHardware[];
  /** Sweepline's version. */
  readonly sweepline: string;
}

export interface TableOptions {
  readonly title: string;
  readonly builtAt: Date;
  readonly signal: AbortSignal;
}

/** A site's points with all of their numbers. */
export interface WrittenSite {
  readonly index: SiteIndex;
  readonly points: TableData;
  readonly metrics: readonly MetricColumn[];
}

/** Writes the files of a site's data but for those of single points. */
export async function writeTables(
  { chosen, hardware, sweepline }: SitePoints,
  files: DataFiles,
  { title, builtAt, signal }: TableOptions,
): Promise<WrittenSite> {
  const points = await pointsTable(chosen);
  await files.write('points', points);
  const metrics: SiteMetric[] = [];
  const columns: MetricColumn[] = [];
  for await (const [metric, column] of metricsOf(chosen)) {
    signal.throwIfAborted();
    await files.write(metric.file, column);
    metrics.push(metric);
    columns.push(column);
  }
  const others = await writeOthers(chosen, files);
  const index: SiteIndex = {
    ...{ schema: SITE_SCHEMA, title, builtAt: builtAt.toISOString(), sweepline, points: points.rows },
    ...{ runs: await runsOf(chosen), metrics, hardware, files: ['points', ...others] },
  };
  await files.write('index', index);
  return { index, points, metrics: columns };
}

/** @returns names of those that there are */
async function writeOthers(chosen: Chosen, files: DataFiles): Promise<readonly string[]> {
  const learnt = await learnNoises(chosen);
  const tables = {
    between: await betweenTable(chosen, learnt),
    noise: await siteNoise(chosen, learnt),
    changelog: await changelogTable(chosen),
    evals: await tableOf('evals', chosen),
    success: await tableOf('success', chosen),
  };
  const names: string[] = [];
  for (const [name, table] of Object.entries(tables)) {
    if (table === undefined) continue;
    await files.write(name, table);
    names.push(name);
  }
  return names;
}
