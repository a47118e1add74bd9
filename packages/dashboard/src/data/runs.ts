import { select } from '@sweepline/store/read';
import type { SiteRun } from '../site/site-data.js';
import { CHOSEN, type Chosen } from './chosen.js';
import { asText } from './columns.js';

/** Runs that have chosen points, the oldest first. */
export async function runsOf({ connection }: Chosen): Promise<readonly SiteRun[]> {
  const rows = await select(
    connection,
    `SELECT c.run, c.origin, c.points, r.state, r.started_at, r.url
      FROM (SELECT run, any_value(origin ORDER BY "row") AS origin, count(*) AS points, min("row") AS first FROM ${CHOSEN} GROUP BY run) c
      LEFT JOIN runs r ON r.run = c.run ORDER BY c.first`,
  );
  return rows.map(([run, origin, points, state, startedAt, url]) => ({
    ...{ run: asText(run) ?? '', origin: asText(origin) ?? '', points: Number(points) },
    ...given({ state: asText(state), startedAt: asText(startedAt), url: webAddress(asText(url)) }),
  }));
}

function webAddress(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) ? url : undefined;
}

function given(values: { readonly [K in 'state' | 'startedAt' | 'url']: string | undefined }) {
  const { state, startedAt, url } = values;
  return {
    ...(state !== undefined && { state }),
    ...(startedAt !== undefined && { startedAt }),
    ...(url !== undefined && { url }),
  };
}
