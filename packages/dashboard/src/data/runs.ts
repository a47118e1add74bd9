import type { SiteRun } from '../site/site-data.js';
import type { Chosen } from './chosen.js';
import { asText } from './columns.js';

/** Runs that have chosen points, the oldest first. */
export async function runsOf(chosen: Chosen): Promise<readonly SiteRun[]> {
  const rows = await chosen.runs();
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
