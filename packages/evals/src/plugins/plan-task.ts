import { dirname, extname, resolve } from 'node:path';
import type { EvalContext, EvalFile, EvalPlan } from '@sweepline/core';
import { splitFilesOf } from '../data/documents.js';
import { prepare } from '../run/prepare.js';
import { RESULTS } from '../run/results.js';
import { SAMPLES } from '../run/samples.js';
import type { Settings } from '../run/settings.js';
import { movedTo, readTaskFiles } from '../task/read-task.js';
import { RUNNER, TOOL, packagedTask } from './packaged.js';
import type { Options } from './task-runner.js';

/** Names in the eval's folder. */
const FILES = { runner: 'runner.mjs', spec: 'spec.json', task: 'task', data: 'data' } as const;

/**
 * Reads and checks all that an eval needs, so that what could be refused is refused before a node is taken.
 * @throws {SweeplineError} for a task, or data, that can't be used
 */
export async function planEval(context: EvalContext<Options>): Promise<EvalPlan> {
  const { options, root, model, concurrency, fewshot } = context;
  const file = packagedTask(options.task) ?? resolve(root, options.task);
  const given = Object.entries(options.data).map(([split, path]) => [split, resolve(root, path)] as const);
  const data = Object.fromEntries(given);
  const asked = {
    ...{ tool: TOOL, model, seed: options.seed },
    generation: generationOf(options),
    ...(fewshot !== undefined && { numFewshot: fewshot }),
    ...(options.limit !== undefined && { limit: options.limit }),
  };
  const { task, identity } = await prepare({ ...asked, task: file, data });
  const { files } = await readTaskFiles(file);
  const splits = splitFilesOf(task, { file, data, numFewshot: identity.fewshot }).files;
  const moved = new Map([...splits].map(([split, path], i) => [split, movedData(path, i)]));
  const spec: Omit<Settings, 'baseUrl'> = {
    ...asked,
    task: movedTo(FILES.task, file, dirname(file)),
    data: Object.fromEntries(moved),
    concurrency,
    maxAttempts: options['max-retries'],
    requestTimeoutS: options['request-timeout-s'],
    output: '.',
    resume: true,
  };
  const text = JSON.stringify(spec);
  return {
    runtime: 'node',
    argv: [FILES.runner, FILES.spec].map((name) => [{ ref: 'folder' }, `/${name}`]),
    files: {
      [FILES.runner]: { source: RUNNER },
      [FILES.spec]: { text: ['{"baseUrl":"', { ref: 'endpoint' }, `",${text.slice(1)}`] },
      ...Object.fromEntries(
        files.map((path): [string, EvalFile] => [movedTo(FILES.task, path, dirname(file)), { source: path }]),
      ),
      ...Object.fromEntries(
        [...splits].map(([split, path]): [string, EvalFile] => [moved.get(split) ?? split, { source: path }]),
      ),
    },
    results: [RESULTS, SAMPLES],
    timeoutS: options['timeout-s'],
  };
}

/** Splits may have names that no file can have. */
function movedData(path: string, place: number): string {
  const extension = extname(path).toLowerCase() === '.parquet' ? '.parquet' : '.jsonl';
  return `${FILES.data}/${place}${extension}`;
}

function generationOf(options: Options): Settings['generation'] {
  const { 'max-tokens': maxTokens, temperature, 'top-p': topP, system } = options;
  return {
    ...(maxTokens !== undefined && { maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(system !== undefined && { system }),
  };
}
