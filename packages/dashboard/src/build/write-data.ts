import { betweenTable } from '../data/between.js';
import { changelogTable } from '../data/changelog.js';
import { detailsOf } from '../data/details.js';
import { metricsOf } from '../data/metrics.js';
import { learnNoises, siteNoise } from '../data/noise.js';
import { pointsTable } from '../data/points.js';
import { runsOf } from '../data/runs.js';
import { tableOf } from '../data/tables.js';
import {
  DETAILS_PER_FILE,
  SITE_SCHEMA,
  type MetricColumn,
  type PointDetail,
  type SiteIndex,
  type SiteMetric,
} from '../site/site-data.js';
import type { TableData } from '../site/table.js';
import type { DataFiles } from './data-files.js';
import type { SiteSource } from './site-source.js';

export interface SiteOptions {
  readonly title: string;
  readonly builtAt: Date;
  /** Whether requests and samples of points are in it. */
  readonly requests: boolean;
  readonly signal: AbortSignal;
}

/** A site's points with all of their numbers. */
export interface WrittenSite {
  readonly index: SiteIndex;
  readonly points: TableData;
  readonly metrics: readonly MetricColumn[];
}

/** Writes all files of a site's data. The same results, title and time give the same files. */
export async function writeData(
  { chosen, hardware, sweepline }: SiteSource,
  files: DataFiles,
  { title, builtAt, requests, signal }: SiteOptions,
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
  const others = await writeTables(chosen, files);
  await writeDetails(detailsOf(chosen, columns, { requests, signal }), files);
  const index: SiteIndex = {
    ...{ schema: SITE_SCHEMA, title, builtAt: builtAt.toISOString(), sweepline, points: points.rows },
    ...{ runs: await runsOf(chosen), metrics, hardware, files: ['points', ...others] },
  };
  await files.write('index', index);
  return { index, points, metrics: columns };
}

/** @returns names of those that there are */
async function writeTables(chosen: SiteSource['chosen'], files: DataFiles): Promise<readonly string[]> {
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

async function writeDetails(details: ReturnType<typeof detailsOf>, files: DataFiles): Promise<void> {
  let part: PointDetail[] = [];
  let number = 0;
  const write = async (): Promise<void> => {
    await files.write(`details/${number++}`, part);
    part = [];
  };
  for await (const { detail, requests, samples } of details) {
    if (requests !== undefined) await files.write(`requests/${detail.row}`, requests);
    if (samples !== undefined) await files.write(`samples/${detail.row}`, samples);
    part.push(detail);
    if (part.length === DETAILS_PER_FILE) await write();
  }
  if (part.length > 0) await write();
}
