import { SweeplineError, type Where } from '../errors.js';
import { problemsOf, show } from './issues.js';
import type { ConfigEntry, Dialect } from './model.js';
import { withCaps } from './load-caps.js';
import { toEntry } from './normalize.js';
import { entry202602 } from './schema/master-2026-02.js';
import { entry202608 } from './schema/master-2026-08.js';
import { LIMITS } from './yaml/limits.js';
import type { Document } from './yaml/parse.js';

/** One config entry and its position. */
export interface LocatedEntry {
  readonly key: string;
  readonly entry: ConfigEntry;
  readonly file: string;
  /** The position in the file of a path of keys, beginning with the entry's own key. */
  readonly at: (path: readonly PropertyKey[]) => Where;
  /** The data set files of its loads, by their SHA-256. */
  readonly dataSets?: ReadonlyMap<string, string>;
}

/** The valid entries of a master config, and the problems of the others. */
export interface MasterConfig {
  /** Undefined if no entry shows it. */
  readonly dialect: Dialect | undefined;
  readonly entries: readonly LocatedEntry[];
  readonly problems: readonly SweeplineError[];
}

/** A field that only one dialect has. */
export const DIALECT_FIELD = {
  '2026-02': 'seq-len-configs',
  '2026-08': 'scenarios',
} as const satisfies Record<Dialect, string>;

/** The path of a scenario with fixed lengths within its entry. */
export function scenarioPath({ dialect }: ConfigEntry, index: number): readonly PropertyKey[] {
  const field = DIALECT_FIELD[dialect];
  return dialect === '2026-02' ? [field, index] : [field, 'fixed-seq-len', index];
}

const FORMS = { '2026-02': entry202602, '2026-08': entry202608 } as const;

type Fields = Readonly<Record<string, unknown>>;

/** Checks a document as a master config: a map of entries, all in the dialect of the first entry that shows one. */
export function readMaster(document: Document): MasterConfig {
  const { value, at } = document;
  if (!isMap(value)) {
    const message = `expected a map of config entries, got ${show(value)}`;
    return { dialect: undefined, entries: [], problems: [...document.problems, invalid(message, at([]))] };
  }
  const dialect = Object.values(value)
    .map(dialectOf)
    .find((found) => found !== undefined);
  const entries: LocatedEntry[] = [];
  const problems = [...document.problems];
  for (const [key, fields] of Object.entries(value)) {
    if (problems.length >= LIMITS.problems) break;
    const outcome = readEntry(document, key, fields, dialect ?? '2026-02');
    problems.push(...outcome.problems);
    if (outcome.entry !== undefined) entries.push({ key, entry: outcome.entry, file: document.file, at });
  }
  return { dialect, entries, problems };
}

function readEntry(
  { at }: Document,
  key: string,
  fields: unknown,
  dialect: Dialect,
): { readonly entry?: ConfigEntry; readonly problems: readonly SweeplineError[] } {
  const problems: SweeplineError[] = [];
  if (key.includes('*')) {
    problems.push(invalid(`expected a key without *, which is the wildcard for choosing keys`, at([key])));
  }
  const own = dialectOf(fields);
  if (own !== undefined && own !== dialect) {
    const message =
      `the entry is written with ${DIALECT_FIELD[own]} (dialect ${own}), but the file began with ` +
      `${DIALECT_FIELD[dialect]} (dialect ${dialect}); a file must have one dialect`;
    return { problems: [...problems, invalid(message, at([key, DIALECT_FIELD[own]]))] };
  }
  const schema = formOf(dialect, fields);
  const parsed = schema.safeParse(withCaps(dialect, fields));
  if (parsed.success) return { entry: toEntry(dialect, parsed.data), problems };
  const within = (path: readonly PropertyKey[]): Where => at([key, ...path]);
  const checked = { value: fields, code: 'CONFIG_INVALID', at: within, schema, name: key } as const;
  return { problems: [...problems, ...problemsOf(parsed.error.issues, checked)] };
}

/** The form of an entry; if `multinode` is invalid, the form that it resembles, so that other problems are also reported. */
function formOf(dialect: Dialect, fields: unknown) {
  const multinode = isMap(fields) ? fields.multinode : undefined;
  const looksMultiNode = (): boolean => JSON.stringify(fields).includes(JSON.stringify('prefill'));
  return (typeof multinode === 'boolean' ? multinode : looksMultiNode())
    ? FORMS[dialect].multiNode
    : FORMS[dialect].singleNode;
}

function dialectOf(fields: unknown): Dialect | undefined {
  if (!isMap(fields)) return undefined;
  if (DIALECT_FIELD['2026-02'] in fields) return '2026-02';
  return DIALECT_FIELD['2026-08'] in fields ? '2026-08' : undefined;
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string, where: Where): SweeplineError {
  return new SweeplineError('CONFIG_INVALID', message, { where });
}
