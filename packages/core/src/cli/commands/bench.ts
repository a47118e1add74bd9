import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT } from '../../errors.js';
import { createLocalExecutor } from '../../launch/local-executor.js';
import { codecOf } from '../../load/codecs/index.js';
import { API_NAMES } from '../../load/codecs/names.js';
import type { RunRecord } from '../../load/record.js';
import { runLoadProcess } from '../../load/run-process.js';
import { LOAD_SPEC_SCHEMA, type LoadSpec } from '../../load/spec.js';
import { builtinMetrics } from '../../metrics/builtin/index.js';
import { computeMetrics, type Metrics } from '../../metrics/compute.js';
import { deliveredOf } from '../../metrics/delivered.js';
import { marksOf } from '../../metrics/marks.js';
import { rawResult } from '../../results/raw-result.js';
import { checkWritable, saveFile } from '../../results/store.js';
import type { App } from '../app.js';
import { exitWith } from '../exit.js';
import { examples } from '../help.js';
import { positive, positiveInteger, rate, ratio, wholeNumber } from '../options.js';
import { createLoadProgress } from '../progress.js';

/** Names and defaults are those of InferenceX's benchmark_serving.py. */
interface BenchOptions {
  readonly baseUrl?: string;
  readonly host: string;
  readonly port: number;
  readonly endpoint: string;
  readonly model: string;
  readonly servedModelName?: string;
  readonly randomInputLen: number;
  readonly randomOutputLen: number;
  readonly randomRangeRatio: number;
  readonly maxConcurrency?: number;
  readonly requestRate: number;
  readonly burstiness: number;
  readonly connections: LoadSpec['connections'];
  readonly numPrompts: number;
  readonly numWarmups: number;
  readonly seed: number;
  readonly ignoreEos?: boolean;
  readonly promptForm: LoadSpec['prompts']['form'];
  readonly saveResult?: boolean;
  readonly saveDetailed?: boolean;
  readonly resultDir?: string;
  readonly resultFilename?: string;
  readonly backend?: string;
}

const CONNECT_TIMEOUT_S = 30;

/** APIs by their paths, as benchmark_serving.py's --endpoint names them. */
const APIS: Readonly<Record<string, LoadSpec['endpoint']['api']>> = Object.fromEntries(
  API_NAMES.map((name) => [codecOf(name).path, name]),
);

export function benchCommand(app: App): Command {
  return new Command('bench')
    .description('load an OpenAI-compatible endpoint that is already running, and measure it')
    .requiredOption('--model <name>', "the model's name")
    .option('--base-url <url>', 'the server, without /v1; default: from --host and --port', httpUrl)
    .option('--host <host>', 'host of the server', '127.0.0.1')
    .option('--port <port>', 'port of the server', positiveInteger, 8000)
    .addOption(
      new Option('--endpoint <path>', 'API to load').choices(Object.keys(APIS)).default('/v1/completions'),
    )
    .option('--served-model-name <name>', "the model's name in requests; default: --model")
    .option('--random-input-len <tokens>', 'tokens of a prompt', positiveInteger, 1024)
    .option('--random-output-len <tokens>', 'tokens of an output', positiveInteger, 128)
    .option('--random-range-ratio <ratio>', 'lengths are drawn from [ratio × len, len]', ratio, 1)
    .option('--max-concurrency <n>', 'requests in flight at most; default: all at once', positiveInteger)
    .option('--num-prompts <n>', 'requests to measure', positiveInteger, 1000)
    .option('--num-warmups <n>', 'requests before that, not measured', wholeNumber, 0)
    .option('--seed <n>', 'seed of the prompts', wholeNumber, 0)
    .option('--ignore-eos', 'ask the server to go on after an end-of-sequence token')
    .addOption(
      new Option('--prompt-form <form>', 'how prompts are sent')
        .choices(['auto', 'token-ids', 'text'])
        .default('auto'),
    )
    .option('--save-result', 'write the result as JSON')
    .option('--save-detailed', 'also the lengths, TTFTs, ITLs and errors of each request')
    .option('--result-dir <folder>', 'where to write it; default: the current folder')
    .option('--result-filename <file>', 'its name; default: from model, concurrency and date')
    .addOption(
      new Option('--backend <name>', 'the name that the result gives').choices([
        'openai',
        'vllm',
        'openai-chat',
      ]),
    )
    .addOption(new Option('--dataset-name <name>', 'prompts are random').choices(['random']))
    .option(
      '--request-rate <rate>',
      'requests a second; inf: as soon as there are free slots',
      rate,
      Infinity,
    )
    .option('--burstiness <shape>', 'shape of the gaps at a given rate; 1: a Poisson process', positive, 1)
    .addOption(
      new Option('--connections <mode>', 'a connection for each request, or one kept alive for each slot')
        .choices(['per-request', 'per-slot'])
        .default('per-slot'),
    )
    .option('--percentile-metrics <names>', 'taken for compatibility: all latencies are reported', latencies)
    .option('--disable-tqdm', 'taken for compatibility: there is no bar where stderr is no terminal')
    .addHelpText(
      'after',
      examples(
        'sweepline bench --base-url http://127.0.0.1:8000 --model M --random-input-len 128 --random-output-len 32 \\',
        '  --max-concurrency 4 --num-prompts 40 --save-result --result-dir D --result-filename F.json',
      ),
    )
    .addHelpText('after', '\nA key in the environment variable OPENAI_API_KEY is sent as a bearer token.')
    .action(async (options: BenchOptions) => exitWith(await runBench(app, options)));
}

const LATENCIES: readonly string[] = ['ttft', 'tpot', 'itl', 'e2el'];

function latencies(text: string): readonly string[] {
  const names = text.split(',');
  if (names.every((name) => LATENCIES.includes(name))) return names;
  throw new InvalidArgumentError(`expected some of ${LATENCIES.join(',')}`);
}

function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('expected a URL such as http://127.0.0.1:8000');
}

async function runBench(app: App, options: BenchOptions): Promise<number> {
  // Now, and not after hours of measuring.
  if (options.saveResult) await checkWritable(resultDir(app, options));
  const folder = await mkdtemp(join(tmpdir(), 'sweepline-bench-'));
  const progress = createLoadProgress(app.terminal);
  try {
    const run = await runLoadProcess(
      specOf(app, options, join(folder, 'records.jsonl')),
      createLocalExecutor(),
      { command: app.loadCommand, specFile: join(folder, 'load.json'), onProgress: progress.onProgress },
      app.signal,
    ).finally(progress.end);
    const metrics = computeMetrics(run, builtinMetrics);
    app.terminal.stdout(describe(run, metrics));
    for (const { code, message } of marksOf(run)) app.logger.warn(`${code}: ${message}`);
    if (options.saveResult) await saveResult(app, options, run, metrics);
    return deliveredOf(run).failed === 0 && run.complete ? EXIT.ok : EXIT.jobFailed;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function specOf(app: App, options: BenchOptions, recordsFile: string): LoadSpec {
  const baseUrl = options.baseUrl ?? `http://${options.host}:${options.port}`;
  return {
    schema: LOAD_SPEC_SCHEMA,
    endpoint: {
      baseUrl: baseUrl.replace(/\/+$/, ''),
      api: APIS[options.endpoint] ?? 'completions',
      ...(app.env['OPENAI_API_KEY'] ? { apiKeyEnv: 'OPENAI_API_KEY' } : {}),
    },
    model: options.servedModelName ?? options.model,
    prompts: {
      kind: 'random',
      form: options.promptForm,
      inputLen: options.randomInputLen,
      outputLen: options.randomOutputLen,
      rangeRatio: options.randomRangeRatio,
      seed: options.seed,
    },
    arrival: arrivalOf(options),
    numPrompts: options.numPrompts,
    numWarmups: options.numWarmups,
    ignoreEos: options.ignoreEos ?? false,
    temperature: 0,
    connections: options.connections,
    timeouts: { connectS: CONNECT_TIMEOUT_S, requestS: 6 * 3600 },
    output: { recordsFile },
  };
}

function arrivalOf(options: BenchOptions): LoadSpec['arrival'] {
  const { requestRate, burstiness, maxConcurrency, numPrompts, seed } = options;
  if (requestRate === Infinity) return { pattern: 'closed-loop', concurrency: maxConcurrency ?? numPrompts };
  return {
    pattern: 'gamma',
    rate: requestRate,
    burstiness,
    seed,
    ...(maxConcurrency === undefined ? {} : { concurrency: maxConcurrency }),
  };
}

function describe(run: RunRecord, { values, outputs }: Metrics): string {
  const { completed, failed } = deliveredOf(run);
  const rows = outputs.flatMap(({ key, label, unit }) => {
    const value = values[key];
    return value === undefined
      ? []
      : [[label, `${Number(value.toFixed(3))}${unit === '' ? '' : ` ${unit}`}`]];
  });
  const all = [['Successful requests', String(completed)], ['Failed requests', String(failed)], ...rows];
  const width = Math.max(...all.map(([label = '']) => label.length));
  return all.map(([label = '', value = '']) => `${label.padEnd(width)}  ${value}\n`).join('');
}

async function saveResult(
  app: App,
  options: BenchOptions,
  run: RunRecord,
  { values }: Metrics,
): Promise<void> {
  const result = {
    ...rawResult({ run, values, modelId: options.model }),
    ...(options.backend === undefined ? {} : { backend: options.backend }),
    ...(options.saveDetailed ? detailsOf(run) : {}),
  };
  const file = resolve(resultDir(app, options), options.resultFilename ?? defaultName(options, run));
  await saveFile(file, `${JSON.stringify(result)}\n`);
  app.logger.info(`result: ${file}`);
}

function resultDir(app: App, options: BenchOptions): string {
  return resolve(app.cwd, options.resultDir ?? '.');
}

/** Per request, in seconds, as benchmark_serving.py's --save-detailed has them. */
function detailsOf({ requests }: RunRecord): Readonly<Record<string, unknown>> {
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
    errors: requests.map(({ error }) => (error === undefined ? '' : `${error.code}: ${error.message}`)),
  };
}

function defaultName({ model, maxConcurrency }: BenchOptions, { originUnixMs }: RunRecord): string {
  const concurrency = maxConcurrency === undefined ? '' : `-concurrency${maxConcurrency}`;
  const date = new Date(originUnixMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `openai-infqps${concurrency}-${model.split('/').at(-1)}-${date}.json`;
}
