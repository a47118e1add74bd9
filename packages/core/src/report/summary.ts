import { cellText } from './cell-text.js';
import { fixed } from './number.js';
import type { ReportPoint } from './point.js';
import { rangeOf, runsText } from './runs.js';

/** What a row of the summary is made of. */
type Summarised = Pick<ReportPoint, 'row' | 'runs'>;

/** A column of the summary; measured ones have a definition. */
export interface Column {
  readonly header: string;
  readonly cell: (point: Summarised) => string;
  readonly definition?: string;
  /** The range of a measured number between runs, where there were several. */
  readonly range?: (point: Summarised) => readonly [low: string, high: string] | undefined;
}

const IDENTITY: readonly Column[] = [
  plain('Model', 'infmax_model_prefix'),
  plain('Served Model', 'model'),
  upper('Hardware', 'hw'),
  upper('Framework', 'framework'),
  upper('Precision', 'precision'),
  plain('ISL', 'isl'),
  plain('OSL', 'osl'),
];

const SINGLE_NODE_LAYOUT: readonly Column[] = [
  plain('TP', 'tp'),
  plain('EP', 'ep'),
  plain('DP Attention', 'dp_attention'),
];

const MULTI_NODE_LAYOUT: readonly Column[] = [
  plain('Prefill TP', 'prefill_tp'),
  plain('Prefill EP', 'prefill_ep'),
  plain('Prefill DP Attn', 'prefill_dp_attention'),
  plain('Prefill Workers', 'prefill_num_workers'),
  plain('Prefill GPUs', 'num_prefill_gpu'),
  plain('Decode TP', 'decode_tp'),
  plain('Decode EP', 'decode_ep'),
  plain('Decode DP Attn', 'decode_dp_attention'),
  plain('Decode Workers', 'decode_num_workers'),
  plain('Decode GPUs', 'num_decode_gpu'),
];

const MEASURED: readonly Column[] = [
  plain('Conc', 'conc'),
  measured('TTFT (ms)', 'median_ttft', 'Median time to first token.', 1000),
  measured('TPOT (ms)', 'median_tpot', 'Median time per output token after the first.', 1000),
  measured(
    'Interactivity (tok/s/user)',
    'median_intvty',
    'Output tokens per second that one user sees: 1000 / median TPOT in ms.',
  ),
  measured('E2EL (s)', 'median_e2el', 'Median end-to-end latency.'),
  measured(
    'TPUT per GPU',
    'tput_per_gpu',
    'Input and output tokens per second and device. Devices are those of all server processes: TP × PP × PCP, or EP if that is larger.',
  ),
  measured(
    'Output TPUT per GPU',
    'output_tput_per_gpu',
    'Output tokens per second and device. Multi-node: by decode devices, or by all devices if there are none.',
  ),
  measured(
    'Input TPUT per GPU',
    'input_tput_per_gpu',
    'Input tokens per second and device. Multi-node: by prefill devices.',
  ),
];

/** How many runs of a point its numbers are of; only where points were measured several times. */
const RUNS: Column = { header: 'Runs', cell: ({ runs }) => runsText(runs ?? { valid: 1, of: 1 }) };

/** Columns that distinguish rows of other loads. */
const LOAD_COLUMNS: readonly Column[] = [plain('Load', 'load'), plain('Rate (1/s)', 'offered_rate')];

const [CONC, ...LATENCIES] = MEASURED.filter(({ header }) => !header.includes('TPUT'));

/** For a server about which nothing more is known: throughputs are totals. */
const ENDPOINT_COLUMNS: readonly Column[] = [
  ...LOAD_COLUMNS,
  plain('Served Model', 'model'),
  plain('Endpoint', 'endpoint'),
  plain('ISL', 'isl'),
  plain('OSL', 'osl'),
  ...(CONC === undefined ? [] : [CONC]),
  ...LATENCIES,
  measured('Requests per s', 'request_throughput', 'Completed requests per second.'),
  measured(
    'Total TPUT',
    'total_token_throughput',
    'Input and output tokens per second of the whole endpoint.',
  ),
  measured('Output TPUT', 'output_throughput', 'Output tokens per second of the whole endpoint.'),
];

/** The columns of InferenceX's single-node summary. */
export const SINGLE_NODE_COLUMNS: readonly Column[] = [...IDENTITY, ...SINGLE_NODE_LAYOUT, ...MEASURED];
/** The columns of its multi-node summary. */
export const MULTI_NODE_COLUMNS: readonly Column[] = [...IDENTITY, ...MULTI_NODE_LAYOUT, ...MEASURED];

/** Rows of one kind, and their columns. */
export interface SummaryTable<T> {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly entries: readonly T[];
}

/**
 * One table per existing kind of row. Rows of other loads, which InferenceX doesn't have, are in a separate table; those of
 * servers that were already running are in one table, whatever their load.
 */
export function summaryTables<T extends Summarised>(entries: readonly T[]): SummaryTable<T>[] {
  const foreign = (entry: T): boolean => entry.row['endpoint'] !== undefined;
  const multi = (entry: T): boolean => entry.row['is_multinode'] === true;
  const other = (entry: T): boolean => entry.row['load'] !== undefined;
  const kinds = [
    ['Single-Node Results', SINGLE_NODE_COLUMNS, entries.filter((entry) => !multi(entry) && !foreign(entry))],
    ['Multi-Node Results', MULTI_NODE_COLUMNS, entries.filter(multi)],
  ] as const;
  const tables = kinds.flatMap(([title, columns, rows]): SummaryTable<T>[] => [
    { title, columns, entries: rows.filter((entry) => !other(entry)) },
    {
      title: `${title} of Other Loads`,
      columns: [...LOAD_COLUMNS, ...columns],
      entries: rows.filter(other),
    },
  ]);
  return [
    ...tables,
    { title: 'Endpoint Results', columns: ENDPOINT_COLUMNS, entries: entries.filter(foreign) },
  ]
    .filter((table) => table.entries.length > 0)
    .map(withRuns);
}

function withRuns<T extends Summarised>({ title, columns, entries }: SummaryTable<T>): SummaryTable<T> {
  const hasRuns = entries.some(({ runs }) => runs !== undefined);
  return { title, columns: hasRuns ? [RUNS, ...columns] : columns, entries };
}

function plain(header: string, key: string): Column {
  return { header, cell: ({ row }) => cellText(row, key) };
}

function upper(header: string, key: string): Column {
  return { header, cell: ({ row }) => cellText(row, key).toUpperCase() };
}

/** Four decimals, as the original rounds before it builds its table. */
function measured(header: string, key: string, definition: string, factor = 1): Column {
  const text = (value: number): string => fixed(value * factor, 4);
  const cell = ({ row }: Summarised): string => {
    const value = row[key];
    return typeof value === 'number' ? text(value) : '';
  };
  const range = (point: Summarised): readonly [string, string] | undefined => {
    const found = rangeOf(point, key);
    return found && [text(found[0]), text(found[1])];
  };
  return { header, cell, definition, range };
}
