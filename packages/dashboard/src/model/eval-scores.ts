import type { TableData } from '../site/table.js';
import { flagAt, numberAt, rowsOf, textAt } from './cells.js';
import { lengthWords, parallelismWords, specWords } from './point-words.js';

/** Kinds of scores, the first one that a row has is the one that InferenceX shows. */
export const SCORE_KINDS = ['em_strict', 'score', 'em_flexible'] as const;
export type ScoreKind = (typeof SCORE_KINDS)[number];

export const SCORE_WORDS: Readonly<Record<ScoreKind, string>> = {
  em_strict: 'exact match, strict',
  em_flexible: 'exact match, flexible',
  score: 'score',
};

/** A score of a task: a fraction, and the 95 % interval of it over the task's samples. */
export interface EvalScore {
  readonly run: string;
  readonly task: string;
  readonly model: string;
  readonly sku: string;
  readonly framework: string;
  readonly precision: string;
  readonly spec: string;
  readonly isDisagg: boolean | undefined;
  readonly parallelism: string;
  readonly lengths: string | undefined;
  readonly conc: number | undefined;
  readonly date: string | undefined;
  readonly kind: ScoreKind;
  readonly score: number;
  /** Missing where the standard error is. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly samples: number | undefined;
}

/** Of a normal distribution, for 95 %. */
const Z = 1.96;

/** Those that have a score. The whole names of framework and speculative decoding are kept: they keep series apart. */
export function evalScores(evals: TableData): readonly EvalScore[] {
  return rowsOf(evals).flatMap((row) => {
    const kind = SCORE_KINDS.find((name) => numberAt(evals, name, row) !== undefined);
    const score = kind === undefined ? undefined : numberAt(evals, kind, row);
    if (kind === undefined || score === undefined) return [];
    const error = numberAt(evals, `${kind}_se`, row);
    const text = (name: string): string => textAt(evals, name, row) ?? '';
    return [
      {
        run: text('run'),
        task: text('task'),
        model: textAt(evals, 'infmax_model_prefix', row) ?? text('model'),
        sku: textAt(evals, 'sku', row) ?? text('hw'),
        framework: text('framework'),
        precision: text('precision'),
        spec: text('spec_decoding'),
        isDisagg: flagAt(evals, 'disagg', row),
        parallelism: parallelismWords(evals, row),
        lengths: lengthWords(evals, row),
        conc: numberAt(evals, 'conc', row),
        date: textAt(evals, 'date', row),
        kind,
        score,
        low: error === undefined ? undefined : Math.max(0, score - Z * error),
        high: error === undefined ? undefined : Math.min(1, score + Z * error),
        samples: numberAt(evals, 'n_eff', row),
      },
    ];
  });
}

/** Scores of what has the same name in a chart, the newest first. */
export interface EvalLine {
  readonly name: string;
  readonly scores: readonly EvalScore[];
}

/** Lines of one model and task, by hardware, framework, precision, speculative decoding and disaggregation. */
export function evalLines(scores: readonly EvalScore[]): readonly EvalLine[] {
  const lines = new Map<string, EvalScore[]>();
  for (const score of scores) {
    const name = lineName(score);
    lines.set(name, [...(lines.get(name) ?? []), score]);
  }
  return [...lines]
    .map(([name, of]) => ({ name, scores: of.sort((a, b) => compared(b.date ?? '', a.date ?? '')) }))
    .sort((a, b) => compared(a.name, b.name));
}

function lineName({ sku, framework, precision, spec, isDisagg }: EvalScore): string {
  return [sku, framework, precision, specWords(spec) ?? '', isDisagg === true ? 'disaggregated' : '']
    .filter((part) => part !== '')
    .join(' · ');
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
