import type { z } from 'zod';
import { SweeplineError } from '../errors.js';
import { problemsOf } from './issues.js';
import type { Dialect, RunnerConfig } from './model.js';
import { runners202602, runners202608 } from './schema/runners.js';
import type { Document } from './yaml/parse.js';

export interface ReadRunners {
  readonly config?: RunnerConfig;
  readonly problems: readonly SweeplineError[];
}

/** Checks a document as a runner config, in the expected dialect, or else in its own. */
export function readRunners(document: Document, expected?: Dialect): ReadRunners {
  const dialect = expected ?? dialectOf(document.value) ?? '2026-02';
  return dialect === '2026-08'
    ? read(document, dialect, runners202608, nested)
    : read(document, dialect, runners202602, flat);
}

function read<S extends z.ZodType>(
  document: Document,
  dialect: Dialect,
  schema: S,
  toConfig: (written: z.output<S>) => RunnerConfig,
): ReadRunners {
  const { value, at } = document;
  const parsed = schema.safeParse(value);
  if (parsed.success) return { config: toConfig(parsed.data), problems: document.problems };
  const found = dialectOf(value) ?? dialect;
  const problems =
    found === dialect
      ? problemsOf(parsed.error.issues, { value, at, code: 'CONFIG_INVALID', schema })
      : [otherDialect(document, found, dialect)];
  return { problems: [...document.problems, ...problems] };
}

const flat = (written: z.output<typeof runners202602>): RunnerConfig => ({
  labels: written,
  hardware: {},
});

const nested = (written: z.output<typeof runners202608>): RunnerConfig => ({
  labels: written.labels,
  hardware: written.hardware ?? {},
});

function otherDialect({ at }: Document, found: Dialect, expected: Dialect): SweeplineError {
  const message = `the file is a runner config of dialect ${found}, but the configs have dialect ${expected}`;
  return new SweeplineError('CONFIG_INVALID', message, { where: at([]) });
}

/** The dialect that a value resembles; undefined if it resembles neither. */
function dialectOf(value: unknown): Dialect | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const labels = (value as Readonly<Record<string, unknown>>).labels;
  if (typeof labels === 'object' && labels !== null && !Array.isArray(labels)) return '2026-08';
  const lists = Object.values(value);
  return lists.length > 0 && lists.every((list) => Array.isArray(list)) ? '2026-02' : undefined;
}
