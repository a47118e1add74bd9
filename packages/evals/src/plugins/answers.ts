import { z, type EvalAnswer, type EvalScore } from '@sweepline/core';
import { sampleSchema } from '../run/samples.js';

/** What lm-eval logs of a question, for each pipeline of filters. */
const loggedSchema = z.looseObject({ doc_id: z.int(), doc_hash: z.string(), filter: z.string() });

/** Whether each question of samples.jsonl was answered right, by a score. @throws for a line that is none */
export function answersIn(samples: string, { metric, filter }: EvalScore): readonly EvalAnswer[] {
  return linesOf(samples).map((line) => {
    const { index, doc, scores } = sampleSchema.parse(line);
    return { id: `${index}:${doc}`, right: scores[filter]?.[metric] === 1 };
  });
}

/** The same of what lm-eval logs. @throws for a line that is none */
export function answersLogged(samples: string, { metric, filter }: EvalScore): readonly EvalAnswer[] {
  return linesOf(samples).flatMap((line) => {
    const logged = loggedSchema.parse(line);
    if (logged.filter !== filter) return [];
    return [{ id: `${logged.doc_id}:${logged.doc_hash}`, right: logged[metric] === 1 }];
  });
}

function linesOf(text: string): readonly unknown[] {
  return text.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]));
}
