import { SweeplineError, type Where } from '../errors.js';
import { problemsOf, show } from './issues.js';
import type { ConfigEntry, Dialect } from './model.js';
import { withCaps } from './load-caps.js';
import { toEntry } from './normalize.js';
import { entry202602 } from './schema/master-2026-02.js';
import { entry202608 } from './schema/master-2026-08.js';
import { LIMITS } from './yaml/limits.js';
import type { Document } from './yaml/parse.js';

/** One config entry and where it stands. */
export interface LocatedEntry {
  readonly key: string;
  readonly entry: ConfigEntry;
  readonly file: string;
  /** The place of what is at a path of keys, the entry's own key first. */
  readonly at: (path: readonly PropertyKey[]) => Where;
  /** Files of the data sets of its loads, by their SHA-256. */
  readonly dataSets?: ReadonlyMap<string, string>;
}

/** The entries of a master config that are right, and what is wrong with the others. */
export interface MasterConfig {
  /** Nothing where no entry says. */
  readonly dialect: Dialect | undefined;
  readonly entries: readonly LocatedEntry[];
  readonly problems: readonly SweeplineError[];
}

/** The field that only one dialect has. */
export const DIALECT_FIELD = {
  '2026-02': 'seq-len-configs',
  '2026-08': 'scenarios',
} as const satisfies Record<Dialect, string>;

/** Where a scenario of fixed lengths is within its entry. */
export function scenarioPath({ dialect }: ConfigEntry, index: number): readonly PropertyKey[] {
  const field = DIALECT_FIELD[dialect];
  return dialect === '2026-02' ? [field, index] : [field, 'fixed-seq-len', index];
}

const FORMS = { '2026-02': entry202602, '2026-08': entry202608 } as const;

type Fields = Readonly<Record<string, unknown>>;

/** Checks a document as a master config: a map of entries, all in the dialect of the first that shows one. */
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
    problems.push(
      invalid(`expected a key without *, which matches anything where keys are chosen`, at([key])),
    );
  }
  const own = dialectOf(fields);
  if (own !== undefined && own !== dialect) {
    const message =
      `the entry is written with ${DIALECT_FIELD[own]} (dialect ${own}), while the file began with ` +
      `${DIALECT_FIELD[dialect]} (dialect ${dialect}); a file has one dialect`;
    return { problems: [...problems, invalid(message, at([key, DIALECT_FIELD[own]]))] };
  }
  const schema = formOf(dialect, fields);
  const parsed = schema.safeParse(withCaps(dialect, fields));
  if (parsed.success) return { entry: toEntry(dialect, parsed.data), problems };
  const within = (path: readonly PropertyKey[]): Where => at([key, ...path]);
  const checked = { value: fields, code: 'CONFIG_INVALID', at: within, schema, name: key } as const;
  return { problems: [...problems, ...problemsOf(parsed.error.issues, checked)] };
}

/** The form of an entry; where `multinode` doesn't say, the one that it looks like, so that what else is wrong is told. */
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
