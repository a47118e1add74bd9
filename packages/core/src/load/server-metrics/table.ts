import type { Sample } from './exposition.js';
import { QUANTITIES, quantitySchema, type MetricNames, type Quantity } from './quantities.js';

/** By quantity, one value per row; null if a row has none. */
export type Columns = Partial<Record<Quantity, (number | null)[]>>;

/**
 * Scraped values, as rows of quantities: gauges as they are, counters as the increase since the first row. A quantity keeps the
 * name under which it was first seen.
 */
export class MetricsTable {
  readonly timesMs: number[] = [];
  readonly columns: Columns = {};
  /** The sample name of each column. */
  readonly names: Partial<Record<Quantity, string>> = {};
  private readonly counters = new Map<Quantity, Counter>();

  constructor(private readonly candidates: MetricNames) {}

  add(timeMs: number, samples: readonly Sample[]): void {
    for (const quantity of quantitySchema.options) {
      const name = this.nameOf(quantity, samples);
      if (name === undefined) continue;
      const series = seriesOf(samples.filter((sample) => sample.name === name));
      this.column(quantity).push(this.valueOf(quantity, series) ?? null);
    }
    this.timesMs.push(timeMs);
  }

  private nameOf(quantity: Quantity, samples: readonly Sample[]): string | undefined {
    const known = this.names[quantity];
    if (known !== undefined) return known;
    const name = this.candidates[quantity]?.find((one) => samples.some((sample) => sample.name === one));
    if (name !== undefined) this.names[quantity] = name;
    return name;
  }

  /** A new column has no values in earlier rows. */
  private column(quantity: Quantity): (number | null)[] {
    return (this.columns[quantity] ??= this.timesMs.map(() => null));
  }

  private valueOf(quantity: Quantity, series: Series): number | undefined {
    if (series.size === 0) return undefined;
    const { kind, across } = QUANTITIES[quantity];
    if (kind === 'counter') return this.counter(quantity).read(series, this.timesMs.length === 0);
    const sum = [...series.values()].reduce((total, value) => total + value, 0);
    return across === 'mean' ? sum / series.size : sum;
  }

  private counter(quantity: Quantity): Counter {
    const known = this.counters.get(quantity);
    if (known !== undefined) return known;
    const counter = new Counter();
    this.counters.set(quantity, counter);
    return counter;
  }
}

/** Numeric values of one name, by labels. */
type Series = ReadonlyMap<string, number>;

/** Labels identify series, in any order; if a series appears twice, the first sample counts, as in Prometheus. */
function seriesOf(samples: readonly Sample[]): Series {
  const series = new Map<string, number>();
  for (const { labels, value } of samples) {
    const key = JSON.stringify(Object.entries(labels).sort());
    if (Number.isFinite(value) && !series.has(key)) series.set(key, value);
  }
  return series;
}

/** Total increase of all series of one name since the first row. */
class Counter {
  private readonly last = new Map<string, number>();
  private counted = 0;

  /** A series that first appears in a later row counts in full: servers list a series only from its first event. */
  read(series: Series, isFirstRow: boolean): number {
    for (const [key, value] of series) {
      const before = this.last.get(key) ?? (isFirstRow ? value : 0);
      // A counter that decreased started again at 0: its server was restarted.
      this.counted += value >= before ? value - before : value;
      this.last.set(key, value);
    }
    return this.counted;
  }
}
