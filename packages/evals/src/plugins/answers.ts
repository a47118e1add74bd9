import { z, type EvalAnswer, type EvalScore } from '@sweepline/core';
import { sampleSchema } from '../run/samples.js';

/** Of a mean of thousands of zeros and ones. */
const ROUNDING = 1e-9;

/** What lm-eval logs of a question, for each pipeline of filters. */
const loggedSchema = z.looseObject({ doc_id: z.int(), doc_hash: z.string(), filter: z.string() });

/** Whether each question of samples.jsonl was answered right, by a score. @throws for a line that is none, or lacks the score */
export function answersIn(samples: string, { metric, filter, value }: EvalScore): readonly EvalAnswer[] {
  const answers = linesOf(samples).map((line) => {
    const { index, doc, scores } = sampleSchema.parse(line);
    const score = scores[metric]?.[filter];
    if (score === undefined) throw new RangeError(`question ${index} has no ${metric} of ${filter}`);
    return { id: `${index}:${doc}`, right: score === 1 };
  });
  return checked(answers, value);
}

/** The same of what lm-eval logs. @throws for a line that is none */
export function answersLogged(samples: string, { metric, filter, value }: EvalScore): readonly EvalAnswer[] {
  const answers = linesOf(samples).flatMap((line) => {
    const logged = loggedSchema.parse(line);
    if (logged.filter !== filter) return [];
    return [{ id: `${logged.doc_id}:${logged.doc_hash}`, right: logged[metric] === 1 }];
  });
  return checked(answers, value);
}

/** Answers that don't make the score would be those of something else. @throws RangeError */
function checked(answers: readonly EvalAnswer[], value: number): readonly EvalAnswer[] {
  const share = answers.filter(({ right }) => right).length / answers.length;
  if (Math.abs(share - value) < ROUNDING) return answers;
  throw new RangeError(`the score is ${value}, and ${share} of the samples were answered right`);
}

function linesOf(text: string): readonly unknown[] {
  return text.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]));
}
