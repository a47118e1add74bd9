/** A value and its weight. */
export type Weighted = readonly [value: number, weight: number];

/**
 * Statistics of a distribution as guidellm computes them (guidellm 0.8.1, schemas/base/statistics.py:56-121): equal values are
 * merged, values without weight are left out, and a percentile is the least value at which the cumulative weight reaches it,
 * without interpolation. Undefined if nothing has a weight.
 */
export function distribution(samples: readonly Weighted[]): Record<string, number> | undefined {
  const weights = new Map<number, number>();
  for (const [value, weight] of samples) weights.set(value, (weights.get(value) ?? 0) + weight);
  const points = [...weights].filter(([, weight]) => weight > 0).sort(([a], [b]) => a - b);
  const total = points.reduce((sum, [, weight]) => sum + weight, 0);
  if (!(total > 0)) return undefined;
  const mean = points.reduce((sum, [value, weight]) => sum + value * (weight / total), 0);
  const variance = points.reduce((sum, [value, weight]) => sum + (value - mean) ** 2 * (weight / total), 0);
  const at = (probability: number): number => {
    let reached = 0;
    const found = points.find(([, weight]) => (reached += weight / total) >= probability);
    return (found ?? points[points.length - 1])?.[0] ?? 0;
  };
  return {
    mean,
    median: at(0.5),
    std_dev: Math.sqrt(variance),
    min: points[0]?.[0] ?? 0,
    max: points[points.length - 1]?.[0] ?? 0,
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
  };
}
