import { relative } from 'node:path';
import { SweeplineError } from '@sweepline/core';
import type { EvalDialect, EvalFile, TaskScores } from './artifacts.js';
import type { Json } from './json.js';

/** A row of `agg_eval_*.json`, in the key order of InferenceX's collect_eval_results.py. Scores are fractions. */
export type EvalRow = Readonly<Record<string, string | number | boolean | null>>;

export interface Remark {
  readonly file: string;
  readonly message: string;
}

/**
 * The rows of result files, sorted as InferenceX's table is.
 * @param root folder that `source` is relative to @param remark hears of fields of meta_env.json that can't be used
 * @throws {SweeplineError} RESULT_READ_FAILED for a meta_env.json whose hardware is no text
 */
export function evalRows(
  files: readonly EvalFile[],
  {
    root,
    dialect,
    remark,
  }: { readonly root: string; readonly dialect: EvalDialect; readonly remark: (remark: Remark) => void },
): readonly EvalRow[] {
  return files.flatMap((file) => {
    const read = new Meta(file, dialect, remark);
    return file.tasks.map((task) => rowOf(read, task, relative(root, file.path), dialect));
  });
}

function rowOf(meta: Meta, scores: TaskScores, source: string, dialect: EvalDialect): EvalRow {
  const [prefillTp, prefillEp] = [
    meta.count('prefill_tp', meta.count('tp', 1)),
    meta.count('prefill_ep', meta.count('ep', 1)),
  ];
  const own = meta.raw('dp_attention') ?? 'none';
  const [prefill, decode] = [meta.raw('prefill_dp_attention') ?? own, meta.raw('decode_dp_attention') ?? own];
  const isMulti = String(meta.raw('is_multinode')).toLowerCase() === 'true';
  const apart = `prefill=${lower(prefill)},decode=${lower(decode)}`;
  const names = {
    model: scores.model ?? meta.text('model'),
    hw: meta.hardware(),
    framework: meta.text('framework').toLowerCase(),
    precision: meta.text('precision').toLowerCase(),
    spec_decoding: meta.text('spec_decoding'),
  };
  const [tp, ep, conc] = [meta.count('tp', prefillTp), meta.count('ep', prefillEp), meta.count('conc', 0)];
  const attention = lower(!isMulti ? own : prefill === decode ? prefill : apart);
  const [score, name, se] =
    scores.strict !== undefined
      ? [scores.strict, 'em_strict', scores.strictSe]
      : scores.accuracy !== undefined
        ? [scores.accuracy, 'accuracy', scores.accuracySe]
        : [];
  const results = {
    task: scores.task,
    em_strict: scores.strict ?? null,
    em_strict_se: scores.strictSe ?? null,
    em_flexible: scores.flexible ?? null,
    em_flexible_se: scores.flexibleSe ?? null,
    n_eff: scores.samples ?? null,
    source,
    score: score ?? null,
    score_name: name ?? null,
    score_se: se ?? null,
  };
  if (dialect === '2026-02') return { ...names, tp, ep, conc, dp_attention: attention, ...results };
  return {
    is_multinode: isMulti,
    model_prefix: meta.text('infmax_model_prefix'),
    ...names,
    ...{ isl: meta.count('isl', 0), osl: meta.count('osl', 0), tp, ep },
    ...{
      prefill_tp: prefillTp,
      prefill_ep: prefillEp,
      prefill_num_workers: meta.count('prefill_num_workers', 1),
    },
    decode_tp: meta.count('decode_tp', meta.count('tp', 1)),
    decode_ep: meta.count('decode_ep', meta.count('ep', 1)),
    ...{ decode_num_workers: meta.count('decode_num_workers', 1), conc, dp_attention: attention },
    ...{ prefill_dp_attention: lower(prefill), decode_dp_attention: lower(decode) },
    ...results,
  };
}

function lower(value: unknown): string {
  return String(value).toLowerCase();
}

/** As Python's `int` reads numbers and texts. */
function wholeIn(value: unknown): number | undefined {
  if (typeof value === 'number') return Math.trunc(value);
  return typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : undefined;
}

/** What a job's meta_env.json says. */
class Meta {
  readonly #meta: Json;

  constructor(
    private readonly file: Pick<EvalFile, 'path' | 'meta'>,
    private readonly dialect: EvalDialect,
    private readonly remark: (remark: Remark) => void,
  ) {
    this.#meta = file.meta;
  }

  raw(key: string): unknown {
    return this.#meta[key] ?? undefined;
  }

  text(key: string): string {
    const value = this.raw(key);
    return typeof value === 'string' ? value : 'unknown';
  }

  hardware(): string {
    if ('hw' in this.#meta && typeof this.#meta['hw'] !== 'string') throw this.#wrong('hw', 'text');
    return this.text('hw').toUpperCase();
  }

  /** A whole number, also as text. The newer original takes the default for what is none, the older one ends. */
  count(key: string, missing: number): number {
    const value = this.raw(key);
    if (value === undefined) return missing;
    const number = wholeIn(value);
    if (number !== undefined) return number;
    const wrong = this.#wrong(key, 'a whole number');
    if (this.dialect === '2026-02') throw wrong;
    this.remark({ file: this.file.path, message: `${wrong.message}; ${missing} is taken` });
    return missing;
  }

  #wrong(key: string, expected: string): SweeplineError {
    const message = `${key} in the meta_env.json of its folder is ${JSON.stringify(this.#meta[key])}: expected ${expected}`;
    return new SweeplineError('RESULT_READ_FAILED', message, { where: { file: this.file.path, key } });
  }
}
