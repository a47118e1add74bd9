import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mcnemar } from '@sweepline/core/statistics';
import { grouped } from '../grouped.js';
import { list, object, text } from '../json.js';
import type { Comparison } from './compare.js';
import type { Measurement } from './measurements.js';

/** How likely a difference may be by chance, over all tasks that are compared. */
const LEVEL = 0.05;

/** What two runs answered to the same questions. */
export interface AnswerComparison {
  /** Of the point whose servers were asked. */
  readonly name: string;
  readonly task: string;
  readonly a: AnsweredIn;
  readonly b: AnsweredIn;
  /** Questions that both were asked. */
  readonly questions: number;
  /** Of these, those that only a answered right. */
  readonly becameWrong: number;
  /** Those that only b answered right. */
  readonly becameRight: number;
  /** How likely that is, or what is more uneven, if nothing has changed: McNemar's exact test. */
  readonly p: number;
  /** With as many tasks as are compared in mind (Holm's method). */
  readonly verdict: 'better' | 'worse' | 'same';
}

export interface AnsweredIn {
  readonly run: string;
  readonly point: string;
  /** Questions that it answered right, of those that both were asked. */
  readonly right: number;
}

interface Answers {
  readonly of: Measurement;
  /** 1 or 0 by question. */
  readonly byQuestion: ReadonlyMap<string, unknown>;
}

/** Compares what both sides answered; of a point that a side has measured several times, the newest answers count. */
export async function compareAnswers(
  a: readonly Measurement[],
  b: readonly Measurement[],
): Promise<readonly AnswerComparison[]> {
  const [left, right] = [await answersOf(a), await answersOf(b)];
  const pairs = [...left].flatMap(([key, one]) => {
    const other = right.get(key);
    const pair = other === undefined ? undefined : paired(one, other, key.slice(key.indexOf('\0') + 1));
    return pair === undefined ? [] : [pair];
  });
  const byChance = [...pairs].sort((one, other) => one.p - other.p);
  const changed = new Set<unknown>();
  for (const [index, pair] of byChance.entries()) {
    if (pair.p >= LEVEL / (byChance.length - index)) break;
    changed.add(pair);
  }
  return pairs.map((pair) => ({
    ...pair,
    verdict: !changed.has(pair) ? 'same' : pair.becameWrong > pair.becameRight ? 'worse' : 'better',
  }));
}

/** Answers that have become worse make b worse, whatever its speed. */
export function withAnswers(comparison: Comparison, answers: readonly AnswerComparison[]): Comparison {
  if (answers.length === 0) return comparison;
  const worse = answers.filter(({ verdict }) => verdict === 'worse').length;
  if (worse === 0) return { ...comparison, answers };
  const reason = `answers are worse: ${worse} of ${answers.length} tasks`;
  const also = comparison.verdict === 'worse' ? `; ${comparison.reason}` : '';
  return { ...comparison, answers, verdict: 'worse', reason: `${reason}${also}` };
}

function paired(a: Answers, b: Answers, task: string): Omit<AnswerComparison, 'verdict'> | undefined {
  const both = [...a.byQuestion.keys()].filter((question) => b.byQuestion.has(question));
  if (both.length === 0) return undefined;
  const isRight = ({ byQuestion }: Answers, question: string): boolean => byQuestion.get(question) === 1;
  const count = (wanted: (question: string) => boolean): number => both.filter(wanted).length;
  const becameWrong = count((question) => isRight(a, question) && !isRight(b, question));
  const becameRight = count((question) => !isRight(a, question) && isRight(b, question));
  const answeredIn = (side: Answers): AnsweredIn => ({
    ...{ run: side.of.run, point: side.of.point },
    right: count((question) => isRight(side, question)),
  });
  return {
    ...{ name: a.of.name, task, a: answeredIn(a), b: answeredIn(b), questions: both.length },
    ...{ becameWrong, becameRight, p: mcnemar([becameWrong, becameRight]) },
  };
}

/** The newest answers by series and task. */
async function answersOf(side: readonly Measurement[]): Promise<ReadonlyMap<string, Answers>> {
  const found = new Map<string, Answers>();
  for (const [series, measured] of grouped(side, (one) => one.series))
    for (const of of measured)
      for (const [task, byQuestion] of await tasksOf(of)) found.set(`${series}\0${task}`, { of, byQuestion });
  return found;
}

async function tasksOf({
  file,
  origin,
}: Measurement): Promise<readonly (readonly [string, Answers['byQuestion']])[]> {
  if (file === undefined || origin !== 'sweepline') return [];
  const result = object(await readJson(file));
  const files = list(result['evals']).flatMap(({ task, files: of }) => {
    const name = text(task);
    const paths: readonly unknown[] = Array.isArray(of) ? of : [];
    const answers = paths.find((path) => typeof path === 'string' && path.endsWith('/answers.json'));
    return name === undefined || typeof answers !== 'string' ? [] : [[name, answers] as const];
  });
  return Promise.all(
    files.map(async ([task, path]) => {
      const answers = object(await readJson(join(dirname(file), path)));
      return [task, new Map(Object.entries(answers))] as const;
    }),
  );
}

/** What a file says; nothing where it can't be read. */
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
