import { SweeplineError, messageOf } from '../errors.js';
import type { RunRecord } from '../load/records/record.js';
import type { MetricOutput, MetricPlugin } from '../plugin/metric.js';

export interface Metrics {
  /** By output key; what could not be told is left out. */
  readonly values: Readonly<Record<string, number>>;
  readonly outputs: readonly MetricOutput[];
}

/** What the plugins make of a run, in their order. */
export function computeMetrics(run: RunRecord, plugins: readonly MetricPlugin[]): Metrics {
  return {
    values: Object.fromEntries(plugins.flatMap((plugin) => Object.entries(valuesOf(plugin, run)))),
    outputs: plugins.flatMap((plugin) => plugin.outputs),
  };
}

function valuesOf(plugin: MetricPlugin, run: RunRecord): Readonly<Record<string, number>> {
  const values: unknown = stamped(plugin, () => plugin.compute(run));
  if (!isRecord(values)) throw invalid(plugin, 'gave no object with a number for each key');
  const declared = new Set(plugin.outputs.map((output) => output.key));
  for (const [key, value] of Object.entries(values)) {
    if (!declared.has(key)) throw invalid(plugin, `gave ${key}, which it does not declare`);
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw invalid(plugin, `gave ${String(value)} for ${key}`, 'Leave out a number that can not be told.');
    }
  }
  return values as Readonly<Record<string, number>>;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Promise);
}

function stamped<T>(plugin: MetricPlugin, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    // Plugins of packages are guarded: what they throw has their name already.
    if (thrown instanceof SweeplineError) throw thrown;
    throw new SweeplineError('PLUGIN_THREW', `metric ${plugin.name}: ${messageOf(thrown)}`, {
      where: { plugin: plugin.name },
      hint: RECORDS_KEPT,
      cause: thrown,
    });
  }
}

/** What a run can be recomputed from once the plugin is mended. */
const RECORDS_KEPT = 'Tell the authors of the plugin. What was measured is kept in records.jsonl.';

function invalid(plugin: MetricPlugin, message: string, hint = RECORDS_KEPT): SweeplineError {
  return new SweeplineError('PLUGIN_INVALID', `metric ${plugin.name}: ${message}`, {
    where: { plugin: plugin.name },
    hint,
  });
}
