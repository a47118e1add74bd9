import { isDeepStrictEqual } from 'node:util';
import { SweeplineError } from '@sweepline/core';
import { PythonRandom } from '@sweepline/core/load';
import { lstrip, rstrip } from './python-text.js';
import type { Task } from './schema.js';
import { fieldText, readTemplate, type Doc, type Template } from './template.js';

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A question as it is sent, and the answer that is right. */
export interface Question {
  /** Its place in the split, from 0. */
  readonly docId: number;
  readonly messages: readonly Message[];
  readonly target: string;
}

export interface PromptOptions {
  readonly numFewshot: number;
  /** lm-eval's `fewshot_random_seed`, 1234 unless another is given to it. In [0, 2^32). */
  readonly seed: number;
  /** Put before the task's description, as lm-eval's `--system_instruction`. */
  readonly system?: string;
}

/**
 * The questions of a task with their examples, as `--apply_chat_template` of lm-eval builds them: a message per question and answer. The
 * examples are drawn by one generator, question after question, so that they depend on the order but not on how many questions there
 * are. Source: lm_eval/api/task.py and samplers.py of lm-evaluation-harness at b315ef3.
 * @throws {SweeplineError} WORKLOAD_INVALID when there are too few examples; {TemplateError} for a document that can't be rendered
 */
export function* questionsOf(
  task: Task,
  docs: readonly Doc[],
  examples: readonly Doc[],
  { numFewshot, seed, system: instruction = '' }: PromptOptions,
): Generator<Question> {
  const [text, target, description] = [task.doc_to_text, task.doc_to_target, task.description].map(
    fieldOrTemplate,
  );
  const draw = sampler(task, examples, numFewshot, new PythonRandom(seed));
  for (const [docId, doc] of docs.entries()) {
    const system = joined(instruction, description!(doc), task.fewshot_delimiter);
    const shots = draw(doc).flatMap((shot): readonly Message[] => {
      const answer = target!(shot);
      return [
        { role: 'user', content: text!(shot) },
        ...(answer === '' ? [] : [{ role: 'assistant' as const, content: answer }]),
      ];
    });
    yield {
      docId,
      target: target!(doc),
      messages: [
        ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
        ...shots,
        { role: 'user', content: text!(doc) },
      ],
    };
  }
}

/** Two texts, delimited unless there is a space where they meet. Source: maybe_delimit of lm_eval/api/utils.py at b315ef3. */
function joined(before: string, after: string, delimiter: string): string {
  if (before === '' || after === '') return before + after;
  const meet = rstrip(before) !== before || lstrip(after) !== after;
  return before + (meet ? '' : delimiter) + after;
}

/** A template that is the name of a field is the field. */
function fieldOrTemplate(source: string): Template {
  const template = readTemplate(source);
  return (doc) => (Object.hasOwn(doc, source) ? fieldText(doc, source) : template(doc));
}

function sampler(
  task: Task,
  examples: readonly Doc[],
  count: number,
  random: PythonRandom,
): (doc: Doc) => readonly Doc[] {
  if (count === 0) return () => [];
  const isFirst = task.fewshot_config?.sampler === 'first_n';
  // Of the same split the question itself may be drawn: one more is, and it is left out.
  const isSame = (task.fewshot_split ?? undefined) === (task.test_split ?? undefined);
  if (isFirst && isSame)
    throw tooFew(
      'first_n takes its examples from the split of the questions, where versions of lm-eval differ',
    );
  const needed = count + (isSame ? 1 : 0);
  if (examples.length < needed)
    throw tooFew(`${count} examples per question need ${needed} documents, and there are ${examples.length}`);
  if (isFirst) return () => examples.slice(0, count);
  return (doc) => {
    const drawn = random.sample(examples, needed);
    const others = isSame ? drawn.filter((shot) => !isDeepStrictEqual(shot, doc)).slice(0, count) : drawn;
    if (others.length < count) throw tooFew('the split has the same document several times');
    return others;
  };
}

function tooFew(message: string): SweeplineError {
  return new SweeplineError('WORKLOAD_INVALID', message, {
    where: { key: 'num_fewshot' },
    hint: 'Ask for fewer examples, or name another fewshot_split.',
  });
}
