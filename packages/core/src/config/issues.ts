import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { SweeplineError, type ErrorCode, type Where } from '../errors.js';
import { knownFields } from './known-fields.js';

type Issue = z.core.$ZodIssue;

/** The value that was checked, where its parts are, and how messages refer to it. */
export interface Checked {
  readonly value: unknown;
  readonly code: ErrorCode;
  readonly at: (path: readonly PropertyKey[]) => Where;
  /** The schema used; it lists the valid fields. */
  readonly schema?: z.core.$ZodType;
  /** Other valid fields at the top level, which are checked elsewhere. */
  readonly known?: readonly string[];
  /** The name of the whole value. */
  readonly name?: string;
}

/** A schema's problems in words: each with its position, the actual value, and what is allowed. */
export function problemsOf(issues: readonly Issue[], checked: Checked): readonly SweeplineError[] {
  const misspelt = new Set(issues.filter(isUnknown).map(({ path }) => path.join('\0')));
  return issues.flatMap((issue) => {
    if (isUnknown(issue)) return unknownFields(issue.path, issue.keys, checked);
    // Rules that span several fields of a map only matter once the fields are spelt right.
    if (issue.code === 'custom' && misspelt.has(issue.path.join('\0'))) return [];
    return [problemOf(issue, checked)];
  });
}

function isUnknown(issue: Issue): issue is z.core.$ZodIssueUnrecognizedKeys {
  return issue.code === 'unrecognized_keys';
}

function problemOf(issue: Issue, { value, code, at, name = '' }: Checked): SweeplineError {
  const found = valueAt(value, issue.path);
  const field = issue.path.length === 0 ? name : labelOf(issue.path);
  const wording = wordingOf(issue);
  const missing = found === undefined && issue.path.length > 0;
  const shown = missing || (!isScalar(found) && issue.code === 'custom') ? '' : `, got ${show(found)}`;
  const message = missing
    ? `missing field "${field}"; ${wording}`
    : `${field === '' ? '' : `${field}: `}${wording}${shown}${namesNear(issue, found)}`;
  return new SweeplineError(code, message, { where: at(issue.path) });
}

/** The known name that is closest to a misspelt one. */
function namesNear(issue: Issue, found: unknown): string {
  if (issue.code !== 'invalid_union' || typeof found !== 'string') return '';
  const near = nearestField(found, namesOf(issue).map(String));
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** The names that distinguish the forms of a union. */
function namesOf(issue: z.core.$ZodIssueInvalidUnion): readonly unknown[] {
  return 'options' in issue ? (issue.options ?? []) : [];
}

function unknownFields(
  path: readonly PropertyKey[],
  keys: readonly string[],
  checked: Checked,
): SweeplineError[] {
  const { schema, known: elsewhere = [] } = checked;
  const known = [
    ...(schema === undefined ? [] : knownFields(schema, path)),
    ...(path.length === 0 ? elsewhere : []),
  ];
  return keys.map((key) => {
    const near = nearestField(key, known);
    return new SweeplineError(
      checked.code,
      `unknown field "${key}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
      {
        where: checked.at([...path, key]),
        hint: near === undefined ? 'Remove it or correct its spelling.' : undefined,
      },
    );
  });
}

/** Longer names are not compared. */
const LONGEST = 64;
/** Fields with up to this many letters, such as tp, are always similar to each other. */
const SHORT = 3;

/** The known field closest to a misspelt one: a third of its letters may differ, or two may be swapped. */
export function nearestField(key: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || key.length > LONGEST) return undefined;
  const plain = key.toLowerCase().replaceAll(/[_ ]/g, '-');
  const near = closest(plain, known);
  const allowed = near.length <= SHORT ? 1 : Math.max(2, Math.floor(near.length / 3));
  return distance(plain, near) <= allowed ? near : undefined;
}

const ZODS_OWN = /^(?:Invalid|Too|Unrecognized)/;

/** The schema's own message, or else a description of the kind of issue. */
function wordingOf(issue: Issue): string {
  if (!ZODS_OWN.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected ${oneOf(issue.values)}`;
    case 'too_small':
      return `expected ${issue.inclusive ? 'at least' : 'more than'} ${amount(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `expected ${issue.inclusive ? 'at most' : 'less than'} ${amount(issue.maximum, issue.origin)}`;
    case 'not_multiple_of':
      return `expected a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return issue.pattern === undefined
        ? `expected a valid ${issue.format}`
        : `expected text like ${issue.pattern}`;
    case 'invalid_union':
      return namesOf(issue).length > 0
        ? `expected ${oneOf(namesOf(issue))}`
        : 'expected one of several forms, but it matches none of them';
    case 'invalid_key':
      return issue.issues.map(wordingOf).join('; ');
    case 'unrecognized_keys':
    case 'invalid_element':
    case 'custom':
      return 'not allowed here';
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of fields',
  record: 'a map',
  null: 'nothing',
};

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`;
}

function amount(count: number | bigint, origin: string): string {
  if (origin === 'string') return `${count} characters`;
  return origin === 'array' || origin === 'set' ? `${count} items` : String(count);
}

/** The last name in a path and what follows it: `conc-list[2]`. */
function labelOf(path: readonly PropertyKey[]): string {
  const named = path.findLastIndex((part) => typeof part === 'string');
  if (named < 0) return path.map((part) => `[${String(part)}]`).join('');
  return `${String(path[named])}${path
    .slice(named + 1)
    .map((part) => `[${String(part)}]`)
    .join('')}`;
}

export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Readonly<Record<PropertyKey, unknown>>)[part]
        : undefined,
    value,
  );
}

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;

const SHOWN_LENGTH = 60;

/** The shortest recognisable form of a value. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'object') return 'a map of fields';
  const shown = JSON.stringify(value);
  return shown.length > SHOWN_LENGTH ? `${shown.slice(0, SHOWN_LENGTH)}…` : shown;
}
