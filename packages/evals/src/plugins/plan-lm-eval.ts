import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import {
  SweeplineError,
  messageOf,
  type EvalContext,
  type EvalFile,
  type EvalPlan,
  type EvalText,
} from '@sweepline/core';
import { splitFilesOf } from '../data/documents.js';
import { readTaskFiles } from '../task/read-task.js';
import { LM_EVAL_FILES, LM_EVAL_PROGRAM } from './lm-eval-program.js';
import type { Options } from './lm-eval.js';
import { packagedTask } from './packaged.js';

/** The commit that InferenceX installs. */
const COMMIT = 'b315ef3b05176acc9732bb7fdec116abe1ecc476';
const REPOSITORY = 'git+https://github.com/EleutherAI/lm-evaluation-harness.git';
const TASK = 'task';
/** The task's file where the data set is given: it includes the task's own. */
const WITH_DATA = 'sweepline-data.yaml';

interface TaskPlan {
  /** What lm_eval is given as `--tasks`. */
  readonly name: EvalText;
  readonly files: Readonly<Record<string, EvalFile>>;
}

/** @throws {SweeplineError} for a task's file that can't be read */
export async function planLmEval(context: EvalContext<Options>): Promise<EvalPlan> {
  const { options, fewshot } = context;
  const task = await taskPlan(context);
  const pip = [options.python, '-m', 'pip', 'install', '-q', '--no-cache-dir'];
  return {
    runtime: 'server',
    setup: options.install
      ? [
          [...pip, '--break-system-packages', 'lm-eval[api]'],
          [...pip, '--no-deps', '--break-system-packages', `${REPOSITORY}@${COMMIT}`],
        ]
      : [],
    argv: [
      options.python,
      inFolder(LM_EVAL_FILES.program),
      [{ ref: 'folder' }],
      options['as-inferencex'] ? 'as-inferencex' : 'as-it-is',
      ...['--model', 'local-chat-completions', '--apply_chat_template', '--tasks'],
      task.name,
      ...(fewshot === undefined ? [] : ['--num_fewshot', String(fewshot)]),
      '--output_path',
      inFolder(LM_EVAL_FILES.out),
      '--log_samples',
      '--model_args',
      modelArguments(context),
      '--gen_kwargs',
      `max_tokens=${options['max-tokens']},temperature=${options.temperature},top_p=${options['top-p']}`,
      ...(options.limit === undefined ? [] : ['--limit', String(options.limit)]),
      // Of random, NumPy and torch: lm-eval's own.
      ...(options.seed === undefined ? [] : ['--seed', `0,1234,1234,${options.seed}`]),
    ],
    env: { OPENAI_API_KEY: 'EMPTY' },
    files: { [LM_EVAL_FILES.program]: { text: LM_EVAL_PROGRAM }, ...task.files },
    results: [LM_EVAL_FILES.results, LM_EVAL_FILES.samples],
    timeoutS: options['timeout-s'],
  };
}

function modelArguments({ model, concurrency, options }: EvalContext<Options>): EvalText {
  const rest = [
    'api_key=EMPTY',
    'eos_string=</s>',
    `max_retries=${options['max-retries']}`,
    `num_concurrent=${concurrency}`,
    `timeout=${options['request-timeout-s']}`,
    'tokenized_requests=False',
    `max_length=${options['max-length']}`,
  ];
  return [`model=${model},base_url=`, { ref: 'endpoint' }, `/v1/chat/completions,${rest.join(',')}`];
}

function inFolder(path: string): EvalText {
  return [{ ref: 'folder' }, `/${path}`];
}

async function taskPlan(context: EvalContext<Options>): Promise<TaskPlan> {
  const { options, root } = context;
  const own = packagedTask(options.task);
  if (own === undefined && !/\.ya?ml$/u.test(options.task)) {
    if (Object.keys(options.data).length > 0)
      throw invalid(
        `the task ${options.task} is lm-eval's own: its data can't be given`,
        'Name a task file.',
      );
    return { name: options.task, files: {} };
  }
  const file = own ?? resolve(root, options.task);
  const data = await dataFiles(file, context);
  const taskFiles = await filesOf(file);
  const name = basename(file);
  const carried = Object.fromEntries(
    taskFiles.map((path): [string, EvalFile] => [`${TASK}/${basename(path)}`, { source: path }]),
  );
  if (data.length === 0) return { name: inFolder(`${TASK}/${name}`), files: carried };
  const lines = data.flatMap(({ split, at }): readonly (string | { readonly ref: 'folder' })[] => [
    `    ${JSON.stringify(split)}: "`,
    { ref: 'folder' },
    `/${at}"\n`,
  ]);
  const head = `include: ${JSON.stringify(name)}\ndataset_path: json\ndataset_name: null\ndataset_kwargs:\n  data_files:\n`;
  return {
    name: inFolder(`${TASK}/${WITH_DATA}`),
    files: {
      ...carried,
      [`${TASK}/${WITH_DATA}`]: { text: [head, ...lines] },
      ...Object.fromEntries(data.map(({ at, path }): [string, EvalFile] => [at, { source: path }])),
    },
  };
}

interface DataFile {
  readonly split: string;
  /** Absolute path here. */
  readonly path: string;
  /** Path in the eval's folder. */
  readonly at: string;
}

/** The data set's files: those that are given, and those of a task that names local ones. */
async function dataFiles(
  file: string,
  { options, root }: EvalContext<Options>,
): Promise<readonly DataFile[]> {
  const given = new Map(Object.entries(options.data).map(([split, path]) => [split, resolve(root, path)]));
  // Tasks that only lm-eval can run are left to it.
  const task = await readTaskFiles(file).then(
    (read) => read.task,
    () => undefined,
  );
  const isLocal = task?.dataset_path === 'json' || given.size > 0;
  const files =
    task === undefined || !isLocal
      ? given
      : splitFilesOf(task, {
          file,
          data: Object.fromEntries(given),
          // lm-eval opens the split of the examples even where it gives none.
          numFewshot: 1,
        }).files;
  const extension = (path: string): string =>
    extname(path).toLowerCase() === '.parquet' ? '.parquet' : '.jsonl';
  const found = [...files].map(([split, path], i) => ({
    ...{ split, path },
    at: `${LM_EVAL_FILES.data}/${i}${extension(path)}`,
  }));
  if (found.some(({ at }) => at.endsWith('.parquet')))
    throw invalid('lm-eval is given data as JSON lines, not as Parquet', 'Export the splits as JSON lines.');
  return found;
}

/** A task's file, and the files next to it that it names: those that it includes, and its functions of Python. */
async function filesOf(file: string, found: ReadonlySet<string> = new Set()): Promise<readonly string[]> {
  if (found.has(file)) return [...found];
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SweeplineError('CONFIG_NOT_FOUND', `can't read ${file}: ${messageOf(cause)}`, { cause });
  });
  let all: ReadonlySet<string> = new Set([...found, file]);
  const folder = dirname(file);
  for (const [, module = ''] of text.matchAll(/!function\s+(\w+)\./gu))
    all = new Set([...all, join(folder, `${module}.py`)]);
  for (const [, name = ''] of text.matchAll(/^include:\s*["']?([\w.-]+)["']?\s*$/gmu))
    all = new Set(await filesOf(join(folder, name), all));
  return [...all];
}

function invalid(problem: string, hint: string): SweeplineError {
  return new SweeplineError('OPTIONS_INVALID', problem, { hint });
}
