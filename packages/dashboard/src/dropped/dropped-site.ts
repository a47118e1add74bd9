import type { FileTree, SourceRow } from '@sweepline/store/rows';
import { writeTables } from '../build/write-tables.js';
import { detailsOf } from '../data/details.js';
import { givenPoints } from '../data/given.js';
import { DETAILS_PER_FILE, type PointDetail } from '../site/site-data.js';
import type { SiteReader } from '../site/site-reader.js';

/** Lets a page answer in between. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** A site of rows that were read from files. Details of points are read when they are asked for. */
export async function droppedSite(rows: readonly SourceRow[], tree: FileTree): Promise<SiteReader> {
  const chosen = givenPoints(rows, tree);
  const files = new Map<string, unknown>();
  const { signal } = new AbortController();
  const { index, points, metrics } = await writeTables(
    { chosen, hardware: [], sweepline: '' },
    {
      write(name, value) {
        files.set(name, value);
        return pause();
      },
    },
    { title: '', builtAt: new Date(0), signal },
  );
  const readDetails = async (number: number): Promise<readonly PointDetail[]> => {
    const from = number * DETAILS_PER_FILE;
    const window = [from, Math.min(points.rows, from + DETAILS_PER_FILE)] as const;
    const details: PointDetail[] = [];
    for await (const { detail } of detailsOf(chosen, metrics, { measured: undefined, signal }, [window]))
      details.push(detail);
    return details;
  };
  const known = new Map<string, Promise<readonly PointDetail[]>>();
  return {
    ...{ index, points },
    async load(name) {
      const number = /^details\/(\d+)$/.exec(name)?.[1];
      if (number !== undefined) {
        const details = known.get(number) ?? readDetails(Number(number));
        known.set(number, details);
        return details;
      }
      if (!files.has(name)) throw new Error(`dropped files hold no ${name}`);
      return files.get(name);
    },
  };
}
