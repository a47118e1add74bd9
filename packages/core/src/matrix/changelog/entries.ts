import { z } from 'zod';
import { problemsOf } from '../../config/issues.js';
import type { Dialect } from '../../config/model.js';
import { changelogEntry202602, changelogEntry202608 } from '../../config/schema/changelog.js';
import { parseYaml } from '../../config/yaml/parse.js';
import { SweeplineError, type Where } from '../../errors.js';
import { together } from './problems.js';

/** The types of scenarios, in the order in which they are recognised. */
export const SCENARIO_TYPES = ['fixed-seq-len', 'agentic-coding'] as const;
export type ScenarioType = (typeof SCENARIO_TYPES)[number];

/** An entry of the changelog, with its defaults filled in. A field of the later dialect is absent if it has no default. */
export interface Written {
  readonly 'config-keys': readonly string[];
  readonly description: readonly string[];
  readonly 'pr-link': string;
  readonly 'evals-only': boolean;
  readonly 'all-evals'?: boolean;
  readonly 'append-only'?: boolean;
  readonly 'eval-min-prefill-ep'?: number;
  readonly 'scenario-type'?: readonly ScenarioType[];
}

export interface ChangelogEntry {
  readonly written: Written;
  /** The position in the file of a path of fields. */
  readonly at: (path: readonly PropertyKey[]) => Where;
}

const SCHEMAS = { '2026-02': changelogEntry202602, '2026-08': changelogEntry202608 } as const;

/** The defaults of an entry by dialect, as InferenceX writes them into its metadata. */
const DEFAULTS = {
  '2026-02': { 'evals-only': false },
  '2026-08': { 'evals-only': false, 'all-evals': false, 'append-only': false },
} as const;

const APPEND =
  'Add whole entries, `- config-keys: …` and its fields, and leave the existing ones as they are.';

/**
 * The entries of a text that contains the additions to a changelog.
 * @throws {SweeplineError} CONFIG_SYNTAX, CHANGELOG_EMPTY or CHANGELOG_INVALID, with all problems.
 */
export async function readEntries(
  text: string,
  file: string,
  dialect: Dialect,
): Promise<readonly ChangelogEntry[]> {
  const document = await parseYaml(text, file);
  const { at } = document;
  const value = withDashes(document.value);
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) {
    throw new SweeplineError('CHANGELOG_EMPTY', 'the added lines hold no entry', {
      where: { file },
      hint: APPEND,
    });
  }
  const list = z.array(SCHEMAS[dialect], { error: 'expected a list of entries among the added lines' });
  const parsed = list.safeParse(value);
  const issues = parsed.error?.issues ?? [];
  const problems = [
    ...document.problems,
    ...problemsOf(issues, { value, at, code: 'CHANGELOG_INVALID', schema: list }),
  ];
  if (!parsed.success || problems.length > 0)
    throw together(Array.isArray(value) ? problems : problems.map(withHint));
  return parsed.data.map((entry, index) => ({
    written: { ...DEFAULTS[dialect], ...withoutNulls(entry) } as Written,
    at: (path) => at([index, ...path]),
  }));
}

function withHint({ code, message, where }: SweeplineError): SweeplineError {
  return new SweeplineError(code, message, { where, hint: APPEND });
}

/** InferenceX also accepts the fields of changelog entries by their Python names, as in `config_keys`. */
function withDashes(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((entry: unknown) =>
    typeof entry === 'object' && entry !== null && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).map(([key, field]) => [dashed(key, entry), field] as const))
      : entry,
  );
}

function dashed(key: string, entry: object): string {
  const field = key.replaceAll('_', '-');
  return FIELDS.has(field) && !(field in entry) ? field : key;
}

const FIELDS: ReadonlySet<string> = new Set(Object.keys(changelogEntry202608.shape));

function withoutNulls(entry: object): object {
  return Object.fromEntries(
    Object.entries(entry).filter(([, value]) => value !== null && value !== undefined),
  );
}
