import { formatPlace } from './url.js';

/** Address of a point's page. */
export function pointLink(run: string, point: string): string {
  return formatPlace({ view: 'point', params: { run, point } });
}

/** Address of a run's page: its points, those that failed among them. */
export function runLink(run: string): string {
  return formatPlace({ view: 'runs', params: { run } });
}

/** The address itself if a browser may follow it; names in results may be any text, `javascript:` among them. */
export function webAddress(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  return ['http:', 'https:'].includes(new URL(address).protocol) ? address : undefined;
}
