import type { DuckDBConnection } from '@duckdb/node-api';
import { select } from '../index/database.js';
import { MARKS } from '../index/select-results.js';
import { quoted } from '../index/sql-tables.js';
import { textOf, type Value } from '../output/values.js';

/** A result as comparisons need it. */
export interface Measurement {
  readonly run: string;
  readonly point: string;
  /** Which measurement of the point in its run, from 1. */
  readonly repeat: number;
  /** Digest of what was measured. */
  readonly series: string;
  /** What was measured and in what, as far as rows say: only measurements that agree in it are repeats. */
  readonly software: string;
  /** With `/` where enroot has `#`. */
  readonly image: string | undefined;
  /** Digest of what was measured without sizes and concurrency, as text: points of one curve. */
  readonly curve: string;
  readonly curveName: string;
  /** Hardware and framework. */
  readonly cell: string;
  /** What a reader calls it: model, hardware, lengths, concurrency. */
  readonly name: string;
  readonly node: string | undefined;
  readonly state: string;
  readonly isValid: boolean;
  /** Why it failed. */
  readonly error: string | undefined;
  readonly marks: readonly string[];
  /** Path of its result.json, or of the file that was imported. */
  readonly file: string | undefined;
  readonly job: string | undefined;
  readonly provenance: string | undefined;
  readonly extra: string | undefined;
  readonly origin: string;
  readonly metrics: Readonly<Record<string, number>>;
}

const CURVE = [
  ...[
    'infmax_model_prefix',
    'sku',
    'framework',
    'precision',
    'spec_decoding',
    'disagg',
    'isl',
    'osl',
    'load',
  ],
] as const;
const SOFTWARE = ['origin', 'image_digest', 'platform', 'engine_version', 'sweepline'] as const;
const SIZES = ['tp', 'ep', 'prefill_tp', 'prefill_num_workers', 'decode_tp', 'decode_num_workers'] as const;

/** Hardware and framework of `r`, a row of `results`. */
export const CELL = "trim(concat(coalesce(nullif(r.sku, ''), 'endpoint'), ' ', r.framework))";

export interface Wanted {
  /** Condition on `r`, a row of `results`, and the values that it names. */
  readonly where?: string;
  readonly values?: Readonly<Record<string, string>>;
  /** Without what settings are compared by: it is most of what a result has, and noise is learnt without it. */
  readonly isWithoutSettings?: boolean;
}

/**
 * Results of an index, the oldest first; what was imported twice once.
 * @param metrics columns of `results`
 */
export async function measurementsOf(
  connection: DuckDBConnection,
  metrics: readonly string[],
  { where = 'true', values = {}, isWithoutSettings = false }: Wanted = {},
): Promise<readonly Measurement[]> {
  const columns = [
    ...new Set([...PLAIN, ...(isWithoutSettings ? [] : SETTINGS), ...CURVE, ...SOFTWARE, ...SIZES]),
    ...['image', 'conc', 'rate'],
  ];
  const rows = await select(
    connection,
    `SELECT ${columns.map((name) => `r.${quoted(name)}`).join(', ')}, ${CELL} AS cell, ${MARKS} AS marks
      ${metrics.map((key) => `, r.${quoted(key)}`).join('')}
      FROM results r WHERE NOT coalesce(is_duplicate, false) AND (${where})
      ORDER BY coalesce(started_at, finished_at), run, point`,
    values,
  );
  const at = new Map([...columns, 'cell', 'marks', ...metrics].map((name, index) => [name, index]));
  return rows.map((row) => measurementOf((name) => row[at.get(name) ?? -1] ?? null, metrics));
}

const PLAIN = ['run', 'point', 'repeat', 'series', 'node', 'state', 'is_valid', 'error', 'layer'] as const;
const SETTINGS = ['file', 'job', 'provenance', 'extra'] as const;

function measurementOf(cell: (name: string) => Value, metrics: readonly string[]): Measurement {
  const text = (name: string): string | undefined => textOf(cell(name)) || undefined;
  const joined = (names: readonly string[]): string => names.map((name) => text(name) ?? '').join(' | ');
  const image = text('image')?.replace('#', '/');
  const marks = cell('marks');
  return {
    ...{ run: text('run') ?? '', point: text('point') ?? '', series: text('series') ?? '' },
    repeat: Number(cell('repeat') ?? 1),
    ...{ software: `${image ?? ''} | ${joined(SOFTWARE)}`, image },
    cell: text('cell') ?? '',
    ...{ node: text('node'), state: text('state') ?? '', isValid: cell('is_valid') === true },
    error: [text('layer'), text('error')].filter((part) => part !== undefined).join(': ') || undefined,
    marks: Array.isArray(marks) ? marks.map(textOf) : [],
    ...{ file: text('file'), job: text('job'), provenance: text('provenance'), extra: text('extra') },
    origin: text('origin') ?? '',
    metrics: Object.fromEntries(
      metrics.flatMap((key) => {
        const value = cell(key);
        return typeof value === 'number' && value > 0 ? [[key, value]] : [];
      }),
    ),
    // Of most measurements nobody reads these.
    get curve() {
      return joined(CURVE);
    },
    get curveName() {
      return partsOf(text).join(' ');
    },
    get name() {
      return nameOf(text);
    },
  };
}

type TextOf = (name: string) => string | undefined;

/** What the points of a curve have in common. */
function partsOf(text: TextOf): readonly string[] {
  const [spec, isl, osl] = [text('spec_decoding'), text('isl'), text('osl')];
  const parts = [
    ...['infmax_model_prefix', 'sku', 'framework', 'precision'].map(text),
    spec === 'none' ? undefined : spec,
    isl === undefined ? undefined : `${isl}/${osl ?? '?'}`,
    text('load'),
  ];
  return parts.filter((part) => part !== undefined);
}

function nameOf(text: TextOf): string {
  const sizes = SIZES.flatMap((name) => {
    const size = text(name);
    return size === undefined ? [] : [`${name.replace('_num_workers', '_workers')} ${size}`];
  });
  const rate = text('rate');
  return [
    ...partsOf(text),
    ...sizes,
    rate === undefined ? `conc ${text('conc') ?? '?'}` : `rate ${rate}`,
  ].join(' ');
}
