import { exactMatch } from './exact-match.js';
import { regexFilter, type Filter, type PatternWatch } from './filters.js';
import { strip } from './python-text.js';
import type { Task } from './schema.js';

/** What a pipeline of filters finds in an answer, and whether it is right. */
export interface Scored {
  readonly filter: string;
  readonly answer: string;
  readonly score: 0 | 1;
}

/** Scores an answer with each pipeline of the task. Without any, the answer itself is compared, as pipeline `none`. */
export function scorerOf(
  task: Task,
  watch?: PatternWatch,
): (answer: string, target: string) => readonly Scored[] {
  const [metric] = task.metric_list;
  const matches = exactMatch(metric, watch);
  const pipelines = (task.filter_list ?? [{ name: 'none', filter: [] }]).map(({ name, filter }) => ({
    name,
    filters: filter.map((step): Filter => {
      if (step.function === 'regex') return regexFilter(step, watch);
      return step.function === 'remove_whitespace' ? strip : (answer) => answer;
    }),
  }));
  return (answer, target) =>
    pipelines.map(({ name, filters }) => {
      const found = filters.reduce((text, filter) => filter(text), answer);
      return { filter: name, answer: found, score: matches(found, target) };
    });
}

/** All patterns of a task, in the order in which they are applied. */
export function patternsOf(task: Task): readonly string[] {
  const filters = (task.filter_list ?? []).flatMap(({ filter }) => filter);
  return [
    ...filters.flatMap((step) => (step.function === 'regex' ? [step.regex_pattern] : [])),
    ...task.metric_list[0].regexes_to_ignore,
  ];
}
