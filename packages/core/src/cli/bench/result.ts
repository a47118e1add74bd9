import { resolve } from 'node:path';
import type { RunRecord } from '../../load/record.js';
import type { Metrics } from '../../metrics/compute.js';
import { rawResult } from '../../results/raw-result.js';
import { saveFile } from '../../results/store.js';
import type { App } from '../app.js';
import type { BenchOptions } from './options.js';
import type { Percentile } from './percentiles.js';
import type { ResultOptions } from './result-options.js';

/** Writes the result as benchmark_serving.py does, and says where. */
export async function saveResult(
  app: App,
  options: BenchOptions,
  run: RunRecord,
  { values }: Metrics,
  percentiles: readonly Percentile[],
): Promise<void> {
  const { backend, tokenizer, model, bestOf } = options;
  const result = {
    // First, so that they stand in for nothing that was measured.
    ...options.metadata,
    ...rawResult({
      run,
      values: { ...Object.fromEntries(percentiles.map(({ key, valueMs }) => [key, valueMs])), ...values },
      modelId: model,
      ...(tokenizer !== undefined && { tokenizerId: tokenizer }),
    }),
    best_of: bestOf,
    ...(backend !== undefined && { backend }),
    ...(options.saveDetailed && detailsOf(run)),
  };
  const file = resolve(resultDir(app, options), options.resultFilename ?? defaultName(options, run));
  await saveFile(file, `${JSON.stringify(result)}\n`);
  app.logger.info(`result: ${file}`);
}

export function resultDir(app: App, options: ResultOptions): string {
  return resolve(app.cwd, options.resultDir ?? '.');
}

/** Per request, in seconds, as benchmark_serving.py's --save-detailed has them. */
function detailsOf({ requests, spec }: RunRecord): Readonly<Record<string, unknown>> {
  const seconds = (from?: number, to?: number): number | null =>
    from === undefined || to === undefined ? null : (to - from) / 1000;
  return {
    input_lens: requests.map((request) => request.promptTokens ?? request.serverPromptTokens ?? null),
    output_lens: requests.map((request) => request.outputTokens ?? null),
    ttfts: requests.map(({ sentMs, chunkMs }) => seconds(sentMs, chunkMs[0])),
    itls: requests.map(({ chunkMs }) =>
      Array.from(chunkMs)
        .slice(1)
        .map((at, index) => seconds(chunkMs[index], at)),
    ),
    ...(spec.output.keepText && { generated_texts: requests.map(({ text }) => text ?? '') }),
    errors: requests.map(({ error }) => (error === undefined ? '' : `${error.code}: ${error.message}`)),
  };
}

function defaultName(
  { model, maxConcurrency, requestRate }: BenchOptions,
  { originUnixMs }: RunRecord,
): string {
  const concurrency = maxConcurrency === undefined ? '' : `-concurrency${maxConcurrency}`;
  const rate = requestRate === Infinity ? 'inf' : requestRate;
  const date = new Date(originUnixMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `openai-${rate}qps${concurrency}-${model.split('/').at(-1)}-${date}.json`;
}
