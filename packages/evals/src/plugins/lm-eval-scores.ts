import { SweeplineError, messageOf, z, type EvalScore, type EvalScores } from '@sweepline/core';
import { answersLogged } from './answers.js';
import { LM_EVAL_FILES } from './lm-eval-program.js';

const counts = z.looseObject({ original: z.int().min(1), effective: z.int().min(1) });

/** What the program writes; lm-eval adds more with each version. */
const fileSchema = z.object({
  lm_eval: z.object({ version: z.string(), commit: z.string().nullish() }),
  data: z.record(z.string(), z.string()),
  revisions: z.record(z.string(), z.string().nullable()),
  written: z.looseObject({
    results: z.record(z.string(), z.record(z.string(), z.unknown())),
    'n-samples': z.record(z.string(), counts),
    'n-shot': z.record(z.string(), z.int().min(0)),
    group_subtasks: z.record(z.string(), z.array(z.string())).default({}),
    configs: z
      .record(
        z.string(),
        z.looseObject({ dataset_path: z.string().nullish(), dataset_name: z.string().nullish() }),
      )
      .default({}),
  }),
});
type Written = z.output<typeof fileSchema>['written'];

const fraction = z.number().min(0).max(1);
/** lm-eval writes N/A where a metric has no error. */
const errorSchema = z.union([z.number().min(0), z.literal('N/A').transform(() => undefined)]).optional();

/** @throws {SweeplineError} EVAL_FAILED for results of another form, of no or several tasks, or with what is no fraction */
export function scoresOfLmEval(files: ReadonlyMap<string, string>): EvalScores {
  const text = files.get(LM_EVAL_FILES.results);
  if (text === undefined)
    throw failed(`there is no ${LM_EVAL_FILES.results}: lm_eval did not come to its end`);
  let read: z.output<typeof fileSchema>;
  try {
    read = fileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw failed(`can't read ${LM_EVAL_FILES.results}: ${messageOf(cause)}`, cause);
  }
  const { written, lm_eval: tool, data, revisions } = read;
  const task = askedTask(written);
  const leaves = leavesOf(task, written);
  const shots = new Set(leaves.map((leaf) => written['n-shot'][leaf]));
  const [fewshot] = shots;
  if (shots.size !== 1 || fewshot === undefined)
    throw failed(`the tasks of ${task} have different numbers of examples, or none is known`);
  const sum = (of: 'original' | 'effective'): number =>
    leaves.reduce((total, leaf) => total + (written['n-samples'][leaf]?.[of] ?? NaN), 0);
  const [samples, of] = [sum('effective'), sum('original')];
  if (!Number.isInteger(samples)) throw failed(`the number of questions of ${task} is not known`);
  const scores = scoresIn(written.results[task] ?? {}, task);
  const logged = files.get(LM_EVAL_FILES.samples);
  const [first] = scores;
  return {
    scores,
    // Questions of several tasks have the same numbers.
    ...(logged !== undefined &&
      first !== undefined &&
      leaves.length === 1 && { answers: answersLogged(logged, first) }),
    ...{ samples, fewshot },
    ...(samples < of && { of }),
    tool: { name: 'lm-eval', version: [tool.version, tool.commit ?? []].flat().join(' at ') },
    dataset: datasetOf(task, written.configs[leaves[0] ?? task], data, revisions),
  };
}

/** The one task or group that was asked for: the others are parts of it. */
function askedTask({ results, group_subtasks: groups }: Written): string {
  const parts = new Set(Object.values(groups).flat());
  const asked = Object.keys(results).filter((name) => !parts.has(name));
  const [task] = asked;
  if (task === undefined || asked.length > 1)
    throw failed(`there are results of ${asked.length} tasks, not of one: ${asked.join(', ')}`);
  return task;
}

/** The tasks of a group; of a task itself. */
function leavesOf(name: string, written: Written, depth = 0): readonly string[] {
  const parts = Object.hasOwn(written.group_subtasks, name) ? (written.group_subtasks[name] ?? []) : [];
  if (parts.length === 0) return [name];
  if (depth > 8) throw failed(`the groups of ${name} contain each other`);
  return [...new Set(parts.flatMap((part) => leavesOf(part, written, depth + 1)))];
}

function scoresIn(row: Readonly<Record<string, unknown>>, task: string): readonly EvalScore[] {
  const scores = Object.entries(row).flatMap(([key, found]): readonly EvalScore[] => {
    const [, metric, filter] = /^([^,]+),([^,]+)$/u.exec(key) ?? [];
    if (metric === undefined || filter === undefined || metric.endsWith('_stderr')) return [];
    const value = fraction.safeParse(found);
    if (!value.success) throw failed(`${key} of ${task} is ${JSON.stringify(found)}, not a fraction`);
    const error = errorSchema.safeParse(row[`${metric}_stderr,${filter}`]);
    if (!error.success) throw failed(`the error of ${key} of ${task} is not a number`);
    return [{ metric, filter, value: value.data, ...(error.data !== undefined && { stderr: error.data }) }];
  });
  if (scores.length === 0) throw failed(`${task} has no scores`);
  return scores;
}

function datasetOf(
  task: string,
  config: Written['configs'][string] | undefined,
  data: Readonly<Record<string, string>>,
  revisions: Readonly<Record<string, string | null>>,
): { readonly name: string; readonly revision?: string } {
  const path = config?.dataset_path ?? 'json';
  const digests = Object.entries(data).map(([file, digest]) => `${file} sha256:${digest}`);
  if (path === 'json') return { name: task, ...(digests.length > 0 && { revision: digests.join(', ') }) };
  const revision = revisions[path];
  return {
    name: [path, config?.dataset_name ?? []].flat().join('/'),
    ...(typeof revision === 'string' && { revision }),
  };
}

function failed(problem: string, cause?: unknown): SweeplineError {
  return new SweeplineError('EVAL_FAILED', problem, { cause });
}
