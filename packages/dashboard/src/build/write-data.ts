import { detailsOf } from '../data/details.js';
import { readMeasured } from '../data/read-measured.js';
import { DETAILS_PER_FILE, type PointDetail } from '../site/site-data.js';
import type { DataFiles } from './data-files.js';
import { writeTables, type SitePoints, type TableOptions, type WrittenSite } from './write-tables.js';

export interface SiteOptions extends TableOptions {
  /** Whether requests and samples of points are in it. */
  readonly requests: boolean;
}

/** Writes all files of a site's data. The same results, title and time give the same files. */
export async function writeData(
  source: SitePoints,
  files: DataFiles,
  options: SiteOptions,
): Promise<WrittenSite> {
  const written = await writeTables(source, files, options);
  const measured = options.requests ? readMeasured : undefined;
  const { signal } = options;
  await writeDetails(detailsOf(source.chosen, written.metrics, { measured, signal }), files);
  return written;
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
