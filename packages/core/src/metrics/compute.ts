import { SweeplineError, toSweeplineError } from '../errors.js';
import type { RunRecord } from '../load/record.js';
import type { MetricOutput, MetricPlugin } from '../plugin/metric.js';

export interface Metrics {
  /** By output key; what could not be told is left out. */
  readonly values: Readonly<Record<string, number>>;
  readonly outputs: readonly MetricOutput[];
}

/** What the plugins make of a run, in their order. */
export function computeMetrics(run: RunRecord, plugins: readonly MetricPlugin[]): Metrics {
  checkKeys(plugins);
  return {
    values: Object.fromEntries(plugins.flatMap((plugin) => Object.entries(valuesOf(plugin, run)))),
    outputs: plugins.flatMap((plugin) => plugin.outputs),
  };
}

function checkKeys(plugins: readonly MetricPlugin[]): void {
  const owners = new Map<string, string>();
  for (const plugin of plugins) {
    for (const { key } of plugin.outputs) {
      const owner = owners.get(key);
      if (owner !== undefined) throw invalid(plugin, `output ${key} is also declared by metric ${owner}`);
      owners.set(key, plugin.name);
    }
  }
}

function valuesOf(plugin: MetricPlugin, run: RunRecord): Readonly<Record<string, number>> {
  const values = stamped(plugin, () => plugin.compute(run));
  const declared = new Set(plugin.outputs.map((output) => output.key));
  for (const [key, value] of Object.entries(values)) {
    if (!declared.has(key)) throw invalid(plugin, `gave ${key}, which it does not declare`);
    if (!Number.isFinite(value)) {
      throw invalid(plugin, `gave ${String(value)} for ${key}`, 'Leave out a number that can not be told.');
    }
  }
  return values;
}

function stamped<T>(plugin: MetricPlugin, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw toSweeplineError(thrown, 'PLUGIN_THREW', { where: { plugin: plugin.name } });
  }
}

function invalid(plugin: MetricPlugin, message: string, hint?: string): SweeplineError {
  return new SweeplineError('PLUGIN_INVALID', `metric ${plugin.name}: ${message}`, {
    where: { plugin: plugin.name },
    ...(hint === undefined ? {} : { hint }),
  });
}
