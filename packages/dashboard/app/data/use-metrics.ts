import { useEffect, useState } from 'preact/hooks';
import type { MetricColumn, SiteMetric } from '../../src/site/site-data.js';
import type { MetricValues } from '../../src/model/point-numbers.js';
import { loadData } from './load.js';
import { useSite } from './site.js';
import type { Loaded } from './use-data.js';

/** Numbers of these metrics for all points. Metrics that the site lacks are left out. What was shown stays until others have arrived. */
export function useMetrics(keys: readonly string[]): Loaded<MetricValues> {
  const { index } = useSite();
  const [loaded, setLoaded] = useState<Loaded<MetricValues>>({ state: 'loading' });
  const wanted = [...new Set(keys)].sort().join('\n');
  useEffect(() => {
    let isCurrent = true;
    const set = (result: Loaded<MetricValues>): void => {
      if (isCurrent) setLoaded(result);
    };
    readMetrics(index.metrics.filter(({ key }) => wanted.split('\n').includes(key))).then(
      (value) => set({ state: 'loaded', value }),
      (error: unknown) =>
        set({ state: 'failed', message: error instanceof Error ? error.message : 'unknown' }),
    );
    return () => {
      isCurrent = false;
    };
  }, [index, wanted]);
  return loaded;
}

async function readMetrics(metrics: readonly SiteMetric[]): Promise<MetricValues> {
  const columns = await Promise.all(metrics.map(({ file }) => loadData<MetricColumn>(file)));
  return new Map(columns.map(({ key, values }) => [key, values]));
}
