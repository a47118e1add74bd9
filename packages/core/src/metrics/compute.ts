import { SweeplineError, messageOf } from '../errors.js';
import type { RunRecord } from '../load/records/record.js';
import type { Estimate, MetricOutput, MetricPlugin } from '../plugin/metric.js';

export interface Metrics {
  /** By output key; unknown values are absent. */
  readonly values: Readonly<Record<string, number>>;
  /** Of the values that have one, by output key. */
  readonly intervals: Readonly<Record<string, Interval>>;
  readonly outputs: readonly MetricOutput[];
}

export type Interval = Omit<Estimate, 'value'>;

/** Results of the plugins for a run, in their order. */
export function computeMetrics(run: RunRecord, plugins: readonly MetricPlugin[]): Metrics {
  const given = plugins.flatMap((plugin) => valuesOf(plugin, run));
  return {
    values: Object.fromEntries(given.map(({ key, value }) => [key, value])),
    intervals: Object.fromEntries(given.flatMap(({ key, interval }) => (interval ? [[key, interval]] : []))),
    outputs: plugins.flatMap((plugin) => plugin.outputs),
  };
}

interface Given {
  readonly key: string;
  readonly value: number;
  readonly interval?: Interval;
}

function valuesOf(plugin: MetricPlugin, run: RunRecord): Given[] {
  const values: unknown = stamped(plugin, () => plugin.compute(run));
  if (!isRecord(values)) throw invalid(plugin, 'did not return an object with a number for each key');
  const declared = new Set(plugin.outputs.map((output) => output.key));
  return Object.entries(values).map(([key, given]) => {
    if (!declared.has(key)) throw invalid(plugin, `returned ${key}, which it does not declare`);
    if (!isRecord(given)) return { key, value: finite(plugin, key, given) };
    const { value, low, high, covers } = given;
    const ends = {
      low: finite(plugin, `the low end of ${key}`, low),
      high: finite(plugin, `the high end of ${key}`, high),
    };
    if (ends.low > ends.high)
      throw invalid(plugin, `returned an interval of ${key} from ${ends.low} down to ${ends.high}`);
    if (typeof covers !== 'string' || covers.trim() === '')
      throw invalid(plugin, `does not say what the interval of ${key} covers`);
    return { key, value: finite(plugin, key, value), interval: { ...ends, covers } };
  });
}

function finite(plugin: MetricPlugin, what: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalid(plugin, `returned ${String(value)} for ${what}`, 'Leave out a number that is unknown.');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Promise);
}

function stamped<T>(plugin: MetricPlugin, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    // Plugins from packages are guarded: their errors already name them.
    if (thrown instanceof SweeplineError) throw thrown;
    throw new SweeplineError('PLUGIN_THREW', `metric ${plugin.name}: ${messageOf(thrown)}`, {
      where: { plugin: plugin.name },
      hint: RECORDS_KEPT,
      cause: thrown,
    });
  }
}

/** Where to recompute a run from once the plugin is fixed. */
const RECORDS_KEPT = 'Report this to the authors of the plugin. The measured data is kept in records.jsonl.';

function invalid(plugin: MetricPlugin, message: string, hint = RECORDS_KEPT): SweeplineError {
  return new SweeplineError('PLUGIN_INVALID', `metric ${plugin.name}: ${message}`, {
    where: { plugin: plugin.name },
    hint,
  });
}
