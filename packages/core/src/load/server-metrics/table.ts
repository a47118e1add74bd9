import type { Sample } from './exposition.js';
import { QUANTITIES, quantitySchema, type MetricNames, type Quantity } from './quantities.js';

/** By quantity, one value a row; null where a row has none. */
export type Columns = Partial<Record<Quantity, (number | null)[]>>;

/**
 * What was scraped, as rows of quantities: gauges as they are, counters as what was counted since the first row. A quantity keeps
 * to the name under which it was first seen.
 */
export class MetricsTable {
  readonly timesMs: number[] = [];
  readonly columns: Columns = {};
  /** The name that each column's values come from. */
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

  /** A column that is new has nothing in the rows before. */
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

/** Values of one name by labels, as far as they are numbers. */
type Series = ReadonlyMap<string, number>;

/** Labels tell series apart, in any order; of one that is there twice the first sample counts, as it does for Prometheus. */
function seriesOf(samples: readonly Sample[]): Series {
  const series = new Map<string, number>();
  for (const { labels, value } of samples) {
    const key = JSON.stringify(Object.entries(labels).sort());
    if (Number.isFinite(value) && !series.has(key)) series.set(key, value);
  }
  return series;
}

/** What series of one name counted together since the first row. */
class Counter {
  private readonly last = new Map<string, number>();
  private counted = 0;

  /** A series that is first seen in a later row counted all it has since the first: servers list series from their first event on. */
  read(series: Series, isFirstRow: boolean): number {
    for (const [key, value] of series) {
      const before = this.last.get(key) ?? (isFirstRow ? value : 0);
      // A counter that fell began again at 0: its server was restarted.
      this.counted += value >= before ? value - before : value;
      this.last.set(key, value);
    }
    return this.counted;
  }
}
