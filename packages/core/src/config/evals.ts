import type { SweeplineError, Where } from '../errors.js';
import { problemsOf } from './issues.js';
import { evalsSchema, type EvalsConfig, type EvalTaskConfig, type JobMatch } from './schema/evals.js';
import type { Document } from './yaml/parse.js';

export type { EvalTaskConfig, JobMatch };

/** The evals of a workspace. */
export interface Evals extends EvalsConfig {
  /** The position in the file of a path of keys. */
  readonly at: (path: readonly PropertyKey[]) => Where;
}

export interface ReadEvals {
  readonly evals?: Evals;
  readonly problems: readonly SweeplineError[];
}

/** Checks a document as an evals config. */
export function readEvals({ value, at, problems }: Document): ReadEvals {
  const parsed = evalsSchema.safeParse(value);
  if (parsed.success) return { evals: { ...parsed.data, at }, problems };
  const checked = { value, at, code: 'CONFIG_INVALID', schema: evalsSchema } as const;
  return { problems: [...problems, ...problemsOf(parsed.error.issues, checked)] };
}

/** What decides whether something is for a job. */
type Matched = { readonly [K in keyof JobMatch]-?: string };

/** Whether all fields fit the job. */
export function fits(match: JobMatch, job: Matched): boolean {
  return (['model-prefix', 'precision', 'framework', 'runner'] as const).every((key) => {
    const wanted = match[key];
    return wanted === undefined || [wanted].flat().includes(job[key]);
  });
}

/** The floor of a task for a job: of the first of its `floors` that fits, else its own, else that of the file. */
export function floorFor(
  { floors, floor: own }: Pick<EvalTaskConfig, 'floors' | 'floor'>,
  { floor }: Pick<EvalsConfig, 'floor'>,
  job: Matched,
): number | undefined {
  return floors.find((one) => fits(one, job))?.floor ?? own ?? floor;
}
