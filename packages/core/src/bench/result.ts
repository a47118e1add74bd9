import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { SweeplineError, messageOf } from '../errors.js';
import type { RunRecord } from '../load/records/record.js';
import type { Metrics } from '../metrics/compute.js';
import { rawResult, type RawResult } from '../results/raw-result.js';
import { checkWritable, saveFile, saveNewFile } from '../results/store.js';
import type { Logger } from '../logger.js';
import { isValidRun } from '../metrics/marks.js';
import type { BenchOptions } from './options.js';
import type { Percentile } from './percentiles.js';

/** Where results go, and who is told. */
export interface ResultContext {
  readonly cwd: string;
  readonly logger: Logger;
}

/** What the original's file begins with; then comes --metadata. */
const HEAD = ['date', 'backend', 'model_id', 'tokenizer_id', 'best_of', 'num_prompts'];

/** Writes the result as benchmark_serving.py does, and says where. */
export async function saveResult(
  context: ResultContext,
  options: BenchOptions,
  run: RunRecord,
  metrics: Metrics,
  percentiles: readonly Percentile[],
): Promise<void> {
  const raw = rawOf(options, run, metrics, percentiles);
  const result = {
    ...Object.fromEntries(HEAD.map((key) => [key, raw[key]])),
    // It stands in for nothing that was measured.
    ...options.metadata,
    ...raw,
  };
  const wanted = resultFile(context, options, defaultName(options, raw));
  let text = JSON.stringify(result);
  try {
    if (options.saveDetailed) text = JSON.stringify({ ...result, ...detailsOf(run) });
  } catch (error) {
    // Those of tens of millions of tokens are longer than a string can be.
    context.logger.warn(`the result has no details of requests: ${messageOf(error)}`);
  }
  // A name that was given is replaced; one that was made up is of this second, and another bench may have it.
  const file = options.resultFilename
    ? await saveFile(wanted, `${text}\n`).then(() => wanted)
    : await saveNewFile(wanted, `${text}\n`);
  context.logger.info(`result: ${file}`);
}

/** @throws {SweeplineError} RESULT_WRITE_FAILED when the result could not be saved. */
export async function checkResultFile(context: ResultContext, options: BenchOptions): Promise<void> {
  const file = resultFile(context, options, 'result.json');
  await checkWritable(dirname(file));
  if (!(await stat(file).catch(() => undefined))?.isDirectory()) return;
  throw new SweeplineError('RESULT_WRITE_FAILED', `${file} is a folder`, {
    hint: 'Give the name of a file as --result-filename',
  });
}

/** An empty name counts as none, as for the original. */
function resultFile(
  { cwd }: ResultContext,
  { resultDir = '.', resultFilename }: BenchOptions,
  name: string,
): string {
  return resolve(cwd, resultDir, resultFilename || name);
}

function rawOf(
  { model, tokenizer, bestOf, backend, maxConcurrency }: BenchOptions,
  run: RunRecord,
  { values }: Metrics,
  percentiles: readonly Percentile[],
): RawResult {
  const more = percentiles.filter(({ key }) => !(key in values));
  return {
    ...rawResult({
      run,
      values: { ...values, ...Object.fromEntries(more.map(({ key, valueMs }) => [key, valueMs])) },
      modelId: model,
      ...(tokenizer !== undefined && { tokenizerId: tokenizer }),
      extras: { valid: isValidRun(run) },
    }),
    ...(backend !== undefined && { backend }),
    best_of: bestOf,
    max_concurrency: maxConcurrency ?? null,
  };
}

/** Per request, in seconds to the microsecond, which is as exact as records are; as benchmark_serving.py's --save-detailed has them. */
function detailsOf({ requests }: RunRecord): Readonly<Record<string, unknown>> {
  const seconds = (from?: number, to?: number): number | null =>
    from === undefined || to === undefined ? null : Math.round((to - from) * 1000) / 1e6;
  return {
    input_lens: requests.map((request) => request.promptTokens ?? request.serverPromptTokens ?? null),
    output_lens: requests.map((request) => request.outputTokens ?? null),
    ttfts: requests.map(({ sentMs, chunkMs }) => seconds(sentMs, chunkMs[0])),
    itls: requests.map(({ chunkMs }) =>
      Array.from(chunkMs)
        .slice(1)
        .map((at, index) => seconds(chunkMs[index], at)),
    ),
    generated_texts: requests.map(({ text }) => text ?? ''),
    errors: requests.map(({ error }) => (error === undefined ? '' : `${error.code}: ${error.message}`)),
  };
}

/** As the original names it, with a rate as Python writes it: `vllm-8.0qps-concurrency64-M-20260101-120000.json`. */
function defaultName(
  { model, maxConcurrency, requestRate }: BenchOptions,
  { backend, date }: RawResult,
): string {
  const rate = requestRate === Infinity ? 'inf' : requestRate;
  const float = Number.isInteger(rate) ? `${rate}.0` : rate;
  const concurrency = maxConcurrency === undefined ? '' : `-concurrency${maxConcurrency}`;
  const name = `${model.split('/').at(-1)}-${String(date)}`;
  return `${String(backend)}-${float}qps${concurrency}-${name}.json`;
}
