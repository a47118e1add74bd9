import type { ComparedMetric } from '@sweepline/store/judge';
import { judgedMetrics } from '../../src/model/noises.js';
import { flagColumn, numberColumn, textColumn, textsColumn, type TableData } from '../../src/site/table.js';

const THROUGHPUT: ComparedMetric = {
  ...{ key: 'tput_per_gpu', label: 'throughput per GPU', better: 'higher', effect: 0.05 },
  ...{ movedByStalls: true, decides: true },
};

/** Throughput with a noise of a percent, and of eight in `loud`. */
export function throughputJudged() {
  const of = (scale: number) => [{ scale, weight: 1 }];
  const points = {
    degrees: 5,
    ...{ usual: of(0.01), cells: { 'h100 sglang': of(0.01), 'loud sglang': of(0.08) }, repeats: 100 },
  };
  const [judged] = judgedMetrics({ metrics: [{ ...THROUGHPUT, points, runs: 4, nodes: 2 }] });
  if (judged === undefined) throw new Error('none');
  return judged;
}

export interface MeasuredRow {
  readonly run: string;
  readonly tput: number | undefined;
  readonly [column: string]: string | number | boolean | undefined | readonly string[];
}

/** Valid points of one config, each with its throughput; members that aren't columns of every row are missing in others. */
export function measured(rows: readonly MeasuredRow[]): {
  readonly points: TableData;
  readonly valueOf: (row: number) => number | undefined;
} {
  const usual = { sku: 'h100', framework: 'sglang', precision: 'fp8', spec_decoding: 'none', conc: 64 };
  const all = rows.map((row, index) => ({
    ...{ point: `p${index}`, state: 'completed', origin: 'sweepline', infmax_model_prefix: 'm' },
    ...{ marks: [], is_valid: true, ...usual, ...row },
  }));
  const names = new Set(all.flatMap((row) => Object.keys(row)));
  const columns = [...names].map((name) => {
    const values = all.map((row) => (row as Readonly<Record<string, unknown>>)[name]);
    const kind = values.find((value) => value !== undefined);
    const of = <T>(type: string) => values.map((value) => (typeof value === type ? (value as T) : undefined));
    if (Array.isArray(kind)) return [name, textsColumn(values.map((value) => value as string[]))] as const;
    if (typeof kind === 'number') return [name, numberColumn(of<number>('number'))] as const;
    if (typeof kind === 'boolean') return [name, flagColumn(of<boolean>('boolean'))] as const;
    return [name, textColumn(of<string>('string'))] as const;
  });
  return {
    points: { rows: rows.length, columns: Object.fromEntries(columns) },
    valueOf: (row) => rows[row]?.tput,
  };
}
