import { useEffect, useState } from 'preact/hooks';
import type { MetricColumn } from '../../src/site/site-data.js';
import type { SiteReader } from '../../src/site/site-reader.js';
import type { MetricValues } from '../../src/model/point-numbers.js';
import { useSite } from './site.js';
import type { Loaded } from './use-data.js';

/** Numbers of these metrics for all points. Metrics that the site lacks are left out. What was shown stays until others have arrived. */
export function useMetrics(keys: readonly string[]): Loaded<MetricValues> {
  const site = useSite();
  const [loaded, setLoaded] = useState<Loaded<MetricValues>>({ state: 'loading' });
  const wanted = [...new Set(keys)].sort().join('\n');
  useEffect(() => {
    let isCurrent = true;
    const set = (result: Loaded<MetricValues>): void => {
      if (isCurrent) setLoaded(result);
    };
    readMetrics(site, wanted.split('\n')).then(
      (value) => set({ state: 'loaded', value }),
      (error: unknown) =>
        set({ state: 'failed', message: error instanceof Error ? error.message : 'unknown' }),
    );
    return () => {
      isCurrent = false;
    };
  }, [site, wanted]);
  return loaded;
}

async function readMetrics(site: SiteReader, keys: readonly string[]): Promise<MetricValues> {
  const metrics = site.index.metrics.filter(({ key }) => keys.includes(key));
  const columns = (await Promise.all(metrics.map(({ file }) => site.load(file)))) as readonly MetricColumn[];
  return new Map(columns.map(({ key, values }) => [key, values]));
}
