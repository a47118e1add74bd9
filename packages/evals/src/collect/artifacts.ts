import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SweeplineError } from '@sweepline/core';
import { isObject, numberOf, objectOf, textOf, type Json } from './json.js';

/** Scores of one task in a result file of lm-eval; what the file lacks is missing. It writes `N/A` for an error that it can't compute. */
export interface TaskScores {
  readonly task: string;
  readonly strict?: number;
  readonly strictSe?: number | 'N/A';
  readonly flexible?: number;
  readonly flexibleSe?: number | 'N/A';
  readonly accuracy?: number;
  readonly accuracySe?: number | 'N/A';
  readonly samples?: number;
  readonly model?: string;
}

/** A result file with what its job's meta_env.json says. */
export interface EvalFile {
  readonly path: string;
  readonly meta: Json;
  readonly tasks: readonly TaskScores[];
}

export interface CollectOptions {
  readonly dialect: EvalDialect;
}

/** Versions of InferenceX, whose artifacts, rows and tables differ. */
export type EvalDialect = '2026-02' | '2026-08';

/** Filters whose score is the strict one. */
const STRICT = { '2026-02': /strict/, '2026-08': /strict|resolved/ } as const;

const META = 'meta_env.json';

/**
 * The result files below a folder: of it, and of each folder in it, that has a meta_env.json, the latest one; of a batch, the latest of each
 * concurrency that its manifest calls completed. The rule is that of InferenceX's collect_eval_results.py (at 843c625, and of February
 * 2026).
 * @throws {SweeplineError} RESULT_READ_FAILED for a folder that can't be read
 */
export async function evalFiles(root: string, options: CollectOptions): Promise<readonly EvalFile[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((cause: unknown) => {
    throw new SweeplineError('RESULT_READ_FAILED', `can't read ${root}`, { where: { file: root }, cause });
  });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(root, name));
  const found = await Promise.all([root, ...folders.sort()].map((folder) => filesOfJob(folder, options)));
  return found.flat();
}

async function filesOfJob(folder: string, { dialect }: CollectOptions): Promise<readonly EvalFile[]> {
  const names = await readdir(folder);
  if (!names.includes(META)) return [];
  const meta = (await readJson(join(folder, META))) ?? {};
  const read = await Promise.all(
    names
      .filter((name) => name.endsWith('.json') && name !== META)
      .sort()
      .map(async (name) => {
        const path = join(folder, name);
        const content = await readJson(path);
        return content === undefined || !('lm_eval_version' in content)
          ? []
          : [{ path, content, timeMs: (await stat(path)).mtimeMs }];
      }),
  );
  const results = read.flat();
  const concurrencies = meta['eval_concs'];
  // Only artifacts of August 2026 hold a file for each of several concurrencies.
  if (dialect === '2026-02' || !Array.isArray(concurrencies)) {
    const last = latest(results);
    return last === undefined ? [] : [{ path: last.path, meta, tasks: tasksIn(last.content, dialect) }];
  }
  const completed: unknown = meta['completed_eval_concs'] ?? concurrencies;
  const allowed = Array.isArray(completed) ? new Set(completed.map(Number)) : undefined;
  const byConc = new Map<number, typeof results>();
  for (const result of results) {
    const conc = concurrencyIn(result.path);
    if (conc !== undefined && allowed?.has(conc) !== false)
      byConc.set(conc, [...(byConc.get(conc) ?? []), result]);
  }
  return [...byConc]
    .sort(([one], [other]) => one - other)
    .flatMap(([conc, all]) => {
      const last = latest(all);
      return last === undefined
        ? []
        : [{ path: last.path, meta: { ...meta, conc }, tasks: tasksIn(last.content, dialect) }];
    });
}

function latest<T extends { readonly timeMs: number }>(files: readonly T[]): T | undefined {
  return files.reduce<T | undefined>(
    (best, one) => (best === undefined || one.timeMs > best.timeMs ? one : best),
    undefined,
  );
}

/** The concurrency that a file of a batch is named after. */
function concurrencyIn(path: string): number | undefined {
  const digits = /_conc(\d+)(?:_\d+)?\.json$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** An object in a file; undefined for what is none. */
async function readJson(path: string): Promise<Json | undefined> {
  try {
    // Python writes NaN, which JSON has not.
    const text = (await readFile(path, 'utf8')).replaceAll(
      /(?<=[:[,]\s*)(?:NaN|-?Infinity)(?=\s*[,\]}])/g,
      'null',
    );
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function tasksIn(content: Json, dialect: EvalDialect): readonly TaskScores[] {
  const configs = objectOf(content['configs']);
  return Object.entries(objectOf(content['results'])).map(([task, scores]) =>
    scoresOf(task, objectOf(scores), objectOf(configs[task]), content, STRICT[dialect]),
  );
}

function errorOf(value: unknown): number | 'N/A' | undefined {
  return value === 'N/A' ? value : numberOf(value);
}

function scoresOf(task: string, scores: Json, config: Json, content: Json, strictly: RegExp): TaskScores {
  const metrics = config['metric_list'];
  const first: unknown = Array.isArray(metrics) ? metrics.at(0) : undefined;
  const metric = textOf(objectOf(first)['metric']) ?? 'exact_match';
  const filters: unknown = config['filter_list'];
  const named = Array.isArray(filters) ? filters.flatMap((one) => textOf(objectOf(one)['name']) ?? []) : [];
  const pair = (suffix: string, of = metric) =>
    [numberOf(scores[`${of}${suffix}`]), errorOf(scores[`${of}_stderr${suffix}`])] as const;
  // The last that fits counts, as in the original.
  const strictName = named.findLast((name) => strictly.test(name));
  const flexibleName = named.findLast((name) => !strictly.test(name) && /flex|extract/.test(name));
  const hasAccuracy = named.length === 0 && 'acc' in scores;
  const [accuracy, accuracySe] = hasAccuracy ? pair('', 'acc') : [];
  const [strict, strictSe] =
    strictName !== undefined ? pair(`,${strictName}`) : named.length === 0 && !hasAccuracy ? pair('') : [];
  const [flexible, flexibleSe] = flexibleName === undefined ? [] : pair(`,${flexibleName}`);
  const samples = numberOf(objectOf(objectOf(content['n-samples'])[task])['effective']);
  const model = textOf(content['model_name']) ?? textOf(objectOf(config['metadata'])['model']);
  return {
    task,
    ...(strict !== undefined && { strict }),
    ...(strictSe !== undefined && { strictSe }),
    ...(flexible !== undefined && { flexible }),
    ...(flexibleSe !== undefined && { flexibleSe }),
    ...(accuracy !== undefined && { accuracy }),
    ...(accuracySe !== undefined && { accuracySe }),
    ...(samples !== undefined && { samples }),
    ...(model !== undefined && { model }),
  };
}
