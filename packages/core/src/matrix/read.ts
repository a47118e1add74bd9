import { z } from 'zod';
import { SweeplineError, messageOf } from '../errors.js';
import type { ChangelogMetadata } from './changelog/buckets.js';
import { jobsOfChangelog } from './changelog/jobs.js';
import type { Job } from './job.js';

const worker = z.looseObject({
  'num-worker': z.number().int().nonnegative(),
  tp: z.number().int().positive(),
  ep: z.number().int().positive(),
  'dp-attn': z.boolean(),
});

const base = {
  image: z.string(),
  model: z.string(),
  'model-prefix': z.string(),
  precision: z.string(),
  framework: z.string(),
  runner: z.string(),
  'spec-decoding': z.string(),
  'exp-name': z.string(),
  load: z
    .looseObject({
      workload: z.looseObject({ kind: z.string() }).optional(),
      arrival: z.looseObject({ pattern: z.string(), rate: z.number().positive().optional() }).optional(),
      duration: z.number().positive().optional(),
    })
    .optional(),
};

const conc = z.number().int().positive();

const lengths = {
  isl: z.number().int().positive(),
  osl: z.number().int().positive(),
  'max-model-len': z.number().int().positive(),
};

/** The fields of a matrix entry that plans need; other keys are kept. */
const entry = z.union([
  z.looseObject({ ...base, ...lengths, prefill: worker, decode: worker, conc: z.array(conc).min(1) }),
  z.looseObject({
    ...base,
    ...lengths,
    tp: z.number().int().positive(),
    ep: z.number().int().positive(),
    'dp-attn': z.boolean(),
    conc,
  }),
  z.looseObject({ ...base, 'scenario-type': z.string(), conc: z.union([conc, z.array(conc).min(1)]) }),
]);

const chunk = z.looseObject({ include: z.array(z.unknown()) });

const rows = z.array(z.unknown());
const byLengths = z.record(z.string(), rows);

/** What `sweepline changelog` prints, and InferenceX's process_changelog.py. */
const changelogSchema = z.object({
  single_node: byLengths,
  multi_node: byLengths,
  evals: rows.optional(),
  agentic_evals: rows.optional(),
  multinode_evals: rows.optional(),
  multinode_agentic_evals: rows.optional(),
  changelog_metadata: z.looseObject({
    base_ref: z.string(),
    head_ref: z.string(),
    entries: z.array(
      z.looseObject({
        'config-keys': z.array(z.string()),
        description: z.array(z.string()),
        'pr-link': z.string(),
        'evals-only': z.boolean(),
      }),
    ),
  }),
});

export interface ReadMatrix {
  readonly jobs: readonly Job[];
  /** Why they are run, in the matrix of a changelog. */
  readonly changelog?: ChangelogMetadata;
}

/**
 * The jobs of a matrix JSON, in any of the JSON formats of `sweepline matrix`, or from InferenceX's generator.
 * @throws {SweeplineError} CONFIG_SYNTAX or CONFIG_INVALID, with the number of the entry and the key.
 */
export function readMatrix(text: string, file: string): ReadMatrix {
  const value = parse(text, file);
  const changelog = changelogSchema.safeParse(value);
  if (!changelog.success)
    return { jobs: elementsOf(value).map((element, index) => jobOf(element, `[${index}]`, file)) };
  const { changelog_metadata: metadata, single_node: single, multi_node: multi, ...lists } = changelog.data;
  const listOf = (list: readonly unknown[], name: string): readonly Job[] =>
    list.map((one, index) => jobOf(one, `${name}[${index}]`, file));
  const jobs = {
    single_node: mapValues(single, (list, key) => listOf(list, `single_node.${key}`)),
    multi_node: mapValues(multi, (list, key) => listOf(list, `multi_node.${key}`)),
    ...mapValues(lists, (list, name) => listOf(list, name)),
  };
  return { jobs: jobsOfChangelog(jobs), changelog: metadata };
}

function mapValues<T, R>(
  record: Readonly<Record<string, T>>,
  map: (value: T, key: string) => R,
): Readonly<Record<string, R>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

/** @throws {SweeplineError} CONFIG_INVALID */
function jobOf(element: unknown, at: string, file: string): Job {
  const parsed = entry.safeParse(element);
  if (parsed.success) return element as Job;
  const { path, message } = closestIssue(parsed.error.issues);
  throw new SweeplineError('CONFIG_INVALID', `entry ${at} of the matrix: ${path}: ${message}`, {
    where: { file, key: `${at}.${path}` },
    hint: 'Give a matrix in the form that `sweepline matrix` prints.',
  });
}

/** For a union, only its closest form is worth reporting: the one with the fewest problems. */
function closestIssue(issues: readonly z.core.$ZodIssue[]): {
  readonly path: string;
  readonly message: string;
} {
  const forms = issues.flatMap((issue) => (issue.code === 'invalid_union' ? issue.errors : [[issue]]));
  const [nearest] = [...forms].sort((one, other) => one.length - other.length);
  const [issue] = nearest ?? issues;
  return { path: issue?.path.join('.') ?? '', message: issue?.message ?? 'not a matrix entry' };
}

function elementsOf(parsed: unknown): readonly unknown[] {
  const elements = Array.isArray(parsed) ? (parsed as unknown[]) : [parsed];
  return elements.flatMap((element) => {
    const included = chunk.safeParse(element);
    return included.success ? included.data.include : [element];
  });
}

/** One JSON value, or one per line. */
function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
      if (lines.length > 1) return lines.map((line) => JSON.parse(line) as unknown);
    } catch {
      // Reported as an error of the whole text.
    }
    throw new SweeplineError('CONFIG_SYNTAX', `the matrix is not JSON: ${messageOf(thrown)}`, {
      where: { file },
    });
  }
}
