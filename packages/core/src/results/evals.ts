import { z } from 'zod';
import type { AskedEval } from '../measure/run-evals.js';
import { invalid, note, type Mark } from '../metrics/marks/mark.js';
import { wilson } from '../metrics/wilson.js';

const fraction = z.number().min(0).max(1);
const count = z.number().int().nonnegative();
const text = z.string();

const scoreSchema = z.object({
  metric: text.describe("The task's name for it, such as `exact_match`."),
  filter: text.describe('The pipeline that answers went through, such as `strict-match`.'),
  value: fraction.describe('Fraction, 0 to 1.'),
  stderr: z.number().optional().describe('Standard error, over the questions.'),
  low: fraction.describe("Low end of Wilson's interval of 95 %, over the questions of one run."),
  high: fraction.describe('Its high end.'),
});

/** What a point's server answered to a task. */
export const evalSchema = z
  .object({
    task: text.describe('Name of the task in configs/evals.yaml.'),
    plugin: z
      .object({
        plugin: text.describe('Name of the eval plugin, as in configs/evals.yaml.'),
        package: text.describe('The npm package that has it.'),
        version: text.describe('Version of that package.'),
      })
      .describe('The eval plugin that has asked and scored.'),
    concurrency: z.number().int().positive().describe('Questions in flight, at most.'),
    startedAt: z.iso.datetime().describe('Start time; UTC, ISO 8601.'),
    seconds: z.number().nonnegative().describe('Seconds that it took.'),
    scores: z.array(scoreSchema).optional().describe('Missing where it failed.'),
    samples: count.optional().describe('Questions that were asked and scored.'),
    of: count.optional().describe('Questions of the data set, where only some were asked.'),
    fewshot: count.optional().describe('Examples before each question, as they were given.'),
    tool: z
      .object({
        name: text.describe('Its name, such as `lm-eval`.'),
        version: text.describe('Its version, as it says itself.'),
      })
      .optional()
      .describe('Program that has asked and scored.'),
    dataset: z
      .object({
        name: text.describe('A file, or the name of a data set.'),
        revision: text.optional().describe('Its digest or revision; missing where nothing says it.'),
      })
      .optional()
      .describe('The data set, and what says which version of it.'),
    floor: fraction.optional().describe('Lowest score that is good enough; missing where no config has one.'),
    verdict: z
      .enum(['passed', 'below-floor', 'failed', 'no-floor'])
      .describe(
        '`below-floor`: a score of `exact_match` is below the floor, which makes the result invalid. `failed`: there are no scores.',
      ),
    undecided: z
      .boolean()
      .optional()
      .describe('True where the floor is within an interval: more questions, or another seed, would decide.'),
    error: z
      .object({
        code: text.describe('Code of the error, such as `EVAL_FAILED`.'),
        message: text.describe('What was wrong.'),
      })
      .optional()
      .describe('Why there are no scores.'),
    files: z.array(text).describe("Its files, relative to the point's folder."),
  })
  .describe('A task that its server was asked.');

export type EvalResult = z.output<typeof evalSchema>;
type ScoreResult = z.output<typeof scoreSchema>;

/** Metrics that are held against floors. Source: InferenceX utils/evals/validate_scores.py at 843c625. */
const JUDGED = 'exact_match';

/**
 * A task's part of a result. The verdict is InferenceX's: each score of `exact_match` itself is held against the floor, and not its
 * interval.
 */
export function evalResult({ planned, startedAt, seconds, files, outcome }: AskedEval): EvalResult {
  const { task, plugin, concurrency, floor } = planned;
  const base = {
    task,
    plugin: { plugin: plugin.plugin.name, package: plugin.package, version: plugin.version },
    ...{ concurrency, startedAt, seconds },
    ...(floor !== undefined && { floor }),
  };
  if ('error' in outcome) {
    const { code, message } = outcome.error;
    return { ...base, verdict: 'failed', error: { code, message }, files: [...files] };
  }
  const { scores: found, samples, of, fewshot, tool, dataset } = outcome.scores;
  const scores = found.map((score) => ({ ...score, ...wilson(score.value, samples) }));
  return {
    ...base,
    ...{ scores, samples, fewshot, tool: { ...tool } },
    ...(of !== undefined && { of }),
    ...(dataset !== undefined && { dataset: { ...dataset } }),
    ...judge(scores, floor),
    files: [...files],
  };
}

function judge(
  scores: readonly ScoreResult[],
  floor: number | undefined,
): Pick<EvalResult, 'verdict' | 'undecided'> {
  const judged = scores.filter(({ metric }) => metric === JUDGED);
  if (floor === undefined || judged.length === 0) return { verdict: 'no-floor' };
  const isBelow = judged.some(({ value }) => value < floor);
  const isOpen = judged.some(({ low, high }) => low < floor && floor <= high);
  return { verdict: isBelow ? 'below-floor' : 'passed', ...(isOpen && { undecided: true }) };
}

/** What the answers of a server say about its speed. */
export function evalMarks(evals: readonly EvalResult[]): readonly Mark[] {
  return evals.flatMap((one): Mark | readonly [] => {
    const { verdict, undecided, task, error } = one;
    if (verdict === 'failed')
      return invalid('eval-failed', `its answers were not checked: eval ${task}: ${error?.message ?? ''}`);
    if (verdict === 'below-floor') {
      const open = undecided === true ? '; its interval holds the floor: more questions would decide' : '';
      return invalid('eval-below-floor', `${task}: ${scoresText(one)}${open}`);
    }
    return undecided === true
      ? note('eval-undecided', `${task}: ${scoresText(one)}: more questions would decide`)
      : [];
  });
}

/** Percent with one digit more than 1,000 questions can tell apart. */
const PERCENT_DIGITS = 1;

/** The scores of a task, with intervals and floor. */
export function scoresText({ scores = [], floor, samples }: EvalResult): string {
  const percent = (value: number): string => (value * 100).toFixed(PERCENT_DIGITS);
  const each = scores.map(
    ({ metric, filter, value, low, high }) =>
      `${metric}${filter === 'none' ? '' : ` (${filter})`} ${percent(value)} % (${percent(low)} to ${percent(high)})`,
  );
  const against = floor === undefined ? '' : `, floor ${percent(floor)} %`;
  return `${each.join(', ')} of ${samples ?? 0} questions${against}`;
}
