import { SweeplineError } from '@sweepline/core';
import { quoted } from './sql-tables.js';

export interface Selection {
  /** `name=value,value`, `name!=value`, `name>=value` and the like: all must be true. */
  readonly filters: readonly string[];
  /** Undefined for those of a table. */
  readonly columns: readonly string[] | undefined;
  /** Names, with `:desc` after those whose highest comes first. */
  readonly sort: readonly string[];
  readonly limit: number | undefined;
}

export interface SelectStatement {
  readonly sql: string;
  readonly values: readonly string[];
}

/** Columns of a table, as far as there are such: what was measured, and what decides. */
const TABLE = [
  ...['run', 'infmax_model_prefix', 'sku', 'framework', 'precision', 'spec_decoding', 'isl', 'osl', 'conc'],
  ...['state', 'tput_per_gpu', 'median_intvty', 'median_ttft', 'marks'],
];
const SORT = ['run', 'infmax_model_prefix', 'sku', 'framework', 'precision', 'isl', 'osl', 'conc', 'point'];

/** Codes of a result's marks; no column of `results`. */
export const MARKS =
  '(SELECT list(code ORDER BY code) FROM marks m WHERE m.source = r.source AND m.run = r.run AND m.point = r.point)';

/**
 * A SELECT of results.
 * @param known columns of `results`
 * @throws {SweeplineError} USAGE
 */
export function selectResults(known: readonly string[], selection: Selection): SelectStatement {
  const {
    filters,
    columns = TABLE.filter((name) => name === 'marks' || known.includes(name)),
    sort,
    limit,
  } = selection;
  const names = new Set([...known, 'marks']);
  const values: string[] = [];
  const wheres = filters.map((filter) => condition(filter, names, values));
  const order = (sort.length > 0 ? sort : SORT).map((part) => orderOf(part, names));
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0))
    throw usage('--limit is not a whole number', '');
  const picked = columns.includes('marks') || columns.length < known.length ? columns : [...columns, 'marks'];
  const sql = [
    `SELECT ${picked.map((name) => `${expression(nameIn(name, names))} AS ${quoted(name)}`).join(', ')}`,
    'FROM results r',
    ...(wheres.length > 0 ? [`WHERE ${wheres.join(' AND ')}`] : []),
    `ORDER BY ${order.join(', ')}`,
    ...(limit === undefined ? [] : [`LIMIT ${limit}`]),
  ];
  return { sql: sql.join(' '), values };
}

function expression(name: string): string {
  return name === 'marks' ? MARKS : `r.${quoted(name)}`;
}

const FILTER = /^([^=!<>]+)(=|!=|>=|<=|>|<)(.*)$/s;

function condition(filter: string, names: ReadonlySet<string>, values: string[]): string {
  const [, given = '', operator = '', value = ''] = FILTER.exec(filter) ?? [];
  if (operator === '')
    throw usage(`${filter} is not a filter`, 'Write it as name=value, name!=value or name>=value.');
  const parameter = (text: string): string => `$${values.push(text)}`;
  const name = given.trim() === 'mark' ? 'marks' : nameIn(given.trim(), names);
  const column = expression(name);
  if (value === '') return `${column} IS ${operator === '!=' ? 'NOT ' : ''}NULL`;
  if (operator === '=' || operator === '!=') {
    const options = value.split(',').map((option) => equal(name, column, parameter(option)));
    const any = `(${options.join(' OR ')})`;
    return operator === '=' ? any : `NOT coalesce(${any}, false)`;
  }
  const type = name.endsWith('_at') ? 'TIMESTAMP' : 'DOUBLE';
  return `${column} ${operator} CAST(${parameter(value)} AS ${type})`;
}

/** As text, or as a number where both are: \`conc=64\`, \`rate=2.50\`. */
function equal(name: string, column: string, parameter: string): string {
  if (name === 'marks') return `list_contains(${column}, ${parameter})`;
  return `(CAST(${column} AS VARCHAR) = ${parameter} OR TRY_CAST(CAST(${column} AS VARCHAR) AS DOUBLE) = TRY_CAST(${parameter} AS DOUBLE))`;
}

function orderOf(part: string, names: ReadonlySet<string>): string {
  const isDescending = part.endsWith(':desc');
  const name = nameIn(isDescending ? part.slice(0, -':desc'.length) : part, names);
  return `${expression(name)} ${isDescending ? 'DESC' : 'ASC'} NULLS LAST`;
}

function nameIn(name: string, names: ReadonlySet<string>): string {
  if (names.has(name)) return name;
  const like = [...names].filter((known) => known.includes(name) || name.includes(known)).slice(0, 5);
  throw usage(
    `results have no column ${name}`,
    like.length > 0 ? `Some like it: ${like.join(', ')}.` : 'sweepline query "DESCRIBE results" lists them.',
  );
}

function usage(message: string, hint: string): SweeplineError {
  return new SweeplineError('USAGE', message, hint === '' ? {} : { hint });
}
