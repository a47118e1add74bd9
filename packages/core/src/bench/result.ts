import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { SweeplineError, messageOf } from '../errors.js';
import type { RunRecord } from '../load/records/record.js';
import type { Metrics } from '../metrics/compute.js';
import { rawResult, type RawResult } from '../results/raw-result.js';
import { appendLine, checkWritable, saveFile, saveNewFile } from '../results/store.js';
import type { Logger } from '../logger.js';
import { isValidRun } from '../metrics/marks.js';
import type { BenchOptions } from './options.js';
import type { Percentile } from './percentiles.js';

/** Where results go, and where messages about them go. */
export interface ResultContext {
  readonly cwd: string;
  readonly logger: Logger;
}

type FileOptions = Pick<BenchOptions, 'resultDir' | 'resultFilename'>;

/** The first fields of the original's file; --metadata follows them. */
const HEAD = ['date', 'backend', 'model_id', 'tokenizer_id', 'best_of', 'num_prompts'];

/** The result as benchmark_serving.py writes it. */
export function resultJson(
  options: BenchOptions,
  run: RunRecord,
  metrics: Metrics,
  percentiles: readonly Percentile[],
): RawResult {
  const raw = rawOf(options, run, metrics, percentiles);
  return {
    ...Object.fromEntries(HEAD.map((key) => [key, raw[key]])),
    // Measured values override them.
    ...(options.label !== undefined && { label: options.label }),
    ...options.metadata,
    ...raw,
  };
}

/** Writes the result, and prints its path. */
export async function saveResult(
  context: ResultContext,
  options: BenchOptions,
  run: RunRecord,
  result: RawResult,
): Promise<void> {
  const wanted = resultFile(context, options, defaultName(options, run, result));
  let text = JSON.stringify(result);
  try {
    if (options.saveDetailed) text = JSON.stringify({ ...result, ...detailsOf(run) });
  } catch (error) {
    // Details of tens of millions of tokens are longer than the longest string.
    context.logger.warn(`the result has no details of requests: ${messageOf(error)}`);
  }
  context.logger.info(`result: ${await write(options, wanted, `${text}\n`)}`);
}

/** Whether a result is to be written; --append-result implies it, as in vLLM. */
export function savesResult({
  saveResult,
  appendResult,
}: Pick<BenchOptions, 'saveResult' | 'appendResult'>): boolean {
  return saveResult === true || appendResult === true;
}

/**
 * A file with a given name is replaced, or gets another line. A generated name is only precise to the second, so another bench may use it.
 * @returns the file's path
 */
async function write(
  { resultFilename, appendResult }: BenchOptions,
  wanted: string,
  line: string,
): Promise<string> {
  if (appendResult) await appendLine(wanted, line);
  else if (resultFilename) await saveFile(wanted, line);
  else return saveNewFile(wanted, line);
  return wanted;
}

/** @throws {SweeplineError} RESULT_WRITE_FAILED if the result could not be saved. */
export function checkResultFile(context: ResultContext, options: FileOptions): Promise<void> {
  return checkFile(resultFile(context, options, 'result.json'), '--result-filename');
}

/** @throws {SweeplineError} RESULT_WRITE_FAILED if nothing can be saved in the file that an option names. */
export async function checkFile(file: string, option: string): Promise<void> {
  await checkWritable(dirname(file));
  if (!(await stat(file).catch(() => undefined))?.isDirectory()) return;
  throw new SweeplineError('RESULT_WRITE_FAILED', `${file} is a folder`, {
    hint: `Pass the name of a file with ${option}`,
  });
}

/** An empty name counts as none, as in the original. */
function resultFile(
  { cwd }: ResultContext,
  { resultDir = '.', resultFilename }: FileOptions,
  name: string,
): string {
  return resolve(cwd, resultDir, resultFilename || name);
}

function rawOf(
  { model, tokenizer, bestOf, backend, maxConcurrency }: BenchOptions,
  run: RunRecord,
  { values, intervals }: Metrics,
  percentiles: readonly Percentile[],
): RawResult {
  const more = percentiles.filter(({ key }) => !(key in values));
  return {
    ...rawResult({
      run,
      values: { ...values, ...Object.fromEntries(more.map(({ key, valueMs }) => [key, valueMs])) },
      intervals,
      modelId: model,
      ...(tokenizer !== undefined && { tokenizerId: tokenizer }),
      extras: { valid: isValidRun(run) },
    }),
    ...(backend !== undefined && { backend }),
    best_of: bestOf,
    max_concurrency: maxConcurrency ?? null,
    ...rampUpKeys(run),
  };
}

/** Named like in `vllm bench serve`. */
function rampUpKeys({ spec: { arrival } }: RunRecord): RawResult {
  if (arrival.pattern !== 'ramp-up') return {};
  const { strategy, startRps, endRps } = arrival;
  return {
    request_rate: 'inf',
    ramp_up_strategy: strategy,
    ramp_up_start_rps: startRps,
    ramp_up_end_rps: endRps,
  };
}

/** Per request, in seconds to the microsecond, the precision of records; the form of benchmark_serving.py's --save-detailed. */
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

/**
 * The original's file name, with a rate as Python writes it: `vllm-8.0qps-concurrency64-M-20260101-120000.json`; a ramp-up and a label are
 * added as `vllm bench serve` does.
 */
function defaultName(
  { model, maxConcurrency, requestRate, label }: BenchOptions,
  { spec: { arrival } }: RunRecord,
  { backend, date }: RawResult,
): string {
  const rate = requestRate === Infinity ? 'inf' : requestRate;
  const float = Number.isInteger(rate) ? `${rate}.0` : rate;
  const qps =
    arrival.pattern === 'ramp-up'
      ? `ramp-up-${arrival.strategy}-${arrival.startRps}qps-${arrival.endRps}qps`
      : `${float}qps`;
  const concurrency = maxConcurrency === undefined ? '' : `-concurrency${maxConcurrency}`;
  const name = `${model.split('/').at(-1)}-${String(date)}`;
  return `${label || String(backend)}-${qps}${concurrency}-${name}.json`;
}
