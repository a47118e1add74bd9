import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { SweeplineError, type ErrorCode, type Where } from '../errors.js';
import { knownFields } from './known-fields.js';

type Issue = z.core.$ZodIssue;

/** The value that was checked, where its parts are, and what a problem with it is called. */
export interface Checked {
  readonly value: unknown;
  readonly code: ErrorCode;
  readonly at: (path: readonly PropertyKey[]) => Where;
  /** What it was checked with; names the fields that there are. */
  readonly schema?: z.core.$ZodType;
  /** Fields of the whole value that there are as well, checked elsewhere. */
  readonly known?: readonly string[];
  /** What the whole value is called. */
  readonly name?: string;
}

/** The problems that a schema found, in words: each with its place, the value there, and what is allowed. */
export function problemsOf(issues: readonly Issue[], checked: Checked): readonly SweeplineError[] {
  const misspelt = new Set(issues.filter(isUnknown).map(({ path }) => path.join('\0')));
  return issues.flatMap((issue) => {
    if (isUnknown(issue)) return unknownFields(issue.path, issue.keys, checked);
    // What spans the fields of a map is worth asking once they are spelt right.
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

/** What a misspelt name among several is near to. */
function namesNear(issue: Issue, found: unknown): string {
  if (issue.code !== 'invalid_union' || typeof found !== 'string') return '';
  const near = nearestField(found, namesOf(issue).map(String));
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** The names of forms that are told apart by a name. */
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

/** Longer names have no misspellings worth a guess. */
const LONGEST = 64;
/** Fields of up to this many letters, such as tp, are near to each other anyway. */
const SHORT = 3;

/** The known field that a misspelt one is near to: a third of its letters may differ, or two that changed places. */
export function nearestField(key: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || key.length > LONGEST) return undefined;
  const plain = key.toLowerCase().replaceAll(/[_ ]/g, '-');
  const near = closest(plain, known);
  const allowed = near.length <= SHORT ? 1 : Math.max(2, Math.floor(near.length / 3));
  return distance(plain, near) <= allowed ? near : undefined;
}

const ZODS_OWN = /^(?:Invalid|Too|Unrecognized)/;

/** What a schema says for itself, or else what the kind of issue means. */
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
        : 'expected one of several forms, and it is none of them';
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

/** The last named part of a path, with what follows it: `conc-list[2]`. */
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

/** A value, as briefly as it can be told apart. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'object') return 'a map of fields';
  const shown = JSON.stringify(value);
  return shown.length > SHOWN_LENGTH ? `${shown.slice(0, SHOWN_LENGTH)}…` : shown;
}
