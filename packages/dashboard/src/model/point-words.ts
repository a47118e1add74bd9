import type { TableData } from '../site/table.js';
import { flagAt, numberAt, textAt } from './cells.js';
import { numberText } from './number-text.js';

/** A point in words: `dsr1, h200, sglang, fp8, MTP, 8,192 input and 1,024 output tokens, concurrency 64`. What isn't known is left out. */
export function pointWords(points: TableData, row: number): string {
  const text = (name: string): string | undefined => textAt(points, name, row);
  return [
    text('infmax_model_prefix') ?? text('model'),
    text('sku') ?? text('hw'),
    text('framework'),
    text('precision'),
    specWords(text('spec_decoding')),
    flagAt(points, 'disagg', row) === true ? 'disaggregated' : undefined,
    lengthWords(points, row),
    loadWords(points, row),
  ]
    .filter((words) => words !== undefined && words !== '')
    .join(', ');
}

/** Nothing where there is none: `none` is a value of the column. */
export function specWords(spec: string | undefined): string | undefined {
  return spec === undefined || spec === 'none' ? undefined : spec.toUpperCase();
}

export function lengthWords(points: TableData, row: number): string | undefined {
  const [isl, osl] = [numberAt(points, 'isl', row), numberAt(points, 'osl', row)];
  const parts = [
    ...(isl === undefined ? [] : [`${numberText(isl)} input`]),
    ...(osl === undefined ? [] : [`${numberText(osl)} output`]),
  ];
  return parts.length === 0 ? undefined : `${parts.join(' and ')} tokens`;
}

function loadWords(points: TableData, row: number): string | undefined {
  const load = textAt(points, 'load', row);
  const parts = [...(load === undefined || load === '' ? [] : [load]), ...amountWords(points, row)];
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** How much load: a rate, a concurrency, or both. */
export function amountWords(points: TableData, row: number): readonly string[] {
  const [rate, conc] = [numberAt(points, 'rate', row), numberAt(points, 'conc', row)];
  return [
    ...(rate === undefined ? [] : [`${numberText(rate)} requests/s`]),
    ...(conc === undefined ? [] : [`concurrency ${numberText(conc)}`]),
  ];
}

/** Sizes of its parallelism: `TP 8, EP 8, DP attention`; for prefill and decode apart where they are. */
export function parallelismWords(points: TableData, row: number): string {
  const sizes = (['tp', 'pp', 'ep', 'dcp_size', 'pcp_size'] as const).flatMap((name) => {
    const size = numberAt(points, name, row);
    return size === undefined ? [] : [`${SIZE_NAMES[name]} ${numberText(size)}`];
  });
  const roles = (['prefill', 'decode'] as const).flatMap((role) => workerWords(points, row, role) ?? []);
  const attention = flagAt(points, 'dp_attention', row) === true ? ['DP attention'] : [];
  return [...sizes, ...attention, ...roles].join(', ');
}

const SIZE_NAMES = { tp: 'TP', pp: 'PP', ep: 'EP', dcp_size: 'DCP', pcp_size: 'PCP' } as const;

function workerWords(points: TableData, row: number, role: 'prefill' | 'decode'): string | undefined {
  const number = (name: string): number | undefined => numberAt(points, name, row);
  const [workers, tp, ep] = [number(`${role}_num_workers`), number(`${role}_tp`), number(`${role}_ep`)];
  if (workers === undefined && tp === undefined) return undefined;
  const sizes = [
    ...(tp === undefined ? [] : [`TP ${tp}`]),
    ...(ep === undefined ? [] : [`EP ${ep}`]),
    ...(flagAt(points, `${role}_dp_attention`, row) === true ? ['DP attention'] : []),
  ];
  return `${role}${workers === undefined ? '' : ` ${numberText(workers)} ×`} ${sizes.join(' ')}`.trim();
}
