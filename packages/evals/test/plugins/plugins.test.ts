import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EvalContext, EvalPlan, EvalPlugin, EvalText, Job } from '@sweepline/core';
import { lmEval } from '../../src/plugins/lm-eval.js';
import { taskRunner } from '../../src/plugins/task-runner.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'evals-plugins-'));
});
afterAll(() => rm(root, { recursive: true }));

/** Neither plugin looks at the job. */
const job = {} as Job;

async function planned<O>(
  plugin: EvalPlugin<O>,
  options: object,
  more: Partial<EvalContext<O>> = {},
): Promise<EvalPlan> {
  const parsed = plugin.options?.parse(options) as O;
  const context = { job, concurrency: 8, model: 'some/model', task: 't', root, options: parsed, ...more };
  return plugin.plan(context);
}

const filled = (text: EvalText): string =>
  [text]
    .flat()
    .map((part) => (typeof part === 'string' ? part : part.ref === 'folder' ? '/eval' : 'http://h:1'))
    .join('');

function textOf(plan: EvalPlan, name: string): string {
  const file = plan.files[name];
  if (file === undefined || !('text' in file)) throw new Error(`no text ${name}`);
  return filled(file.text);
}

describe('task-runner', () => {
  it('carries its program, the task and the data', async () => {
    const plan = await planned(taskRunner, { task: '@sweepline/evals/first', limit: 5 }, { fewshot: 2 });
    expect(plan).toMatchObject({ runtime: 'node', results: ['results.json', 'samples.jsonl'] });
    expect(plan.argv.map(filled)).toEqual(['/eval/runner.mjs', '/eval/spec.json']);
    expect(Object.keys(plan.files)).toEqual([
      ...['runner.mjs', 'spec.json', 'task/first.yaml', 'data/0.jsonl', 'data/1.jsonl'],
    ]);
    expect(JSON.parse(textOf(plan, 'spec.json'))).toMatchObject({
      ...{ baseUrl: 'http://h:1', model: 'some/model', concurrency: 8, numFewshot: 2, limit: 5, seed: 1234 },
      ...{ task: 'task/first.yaml', data: { test: 'data/0.jsonl', shots: 'data/1.jsonl' } },
    });
  });

  it('refuses what it could not score before anything runs', async () => {
    await writeFile(
      join(root, 'gated.yaml'),
      'task: g\ndataset_path: a/b\ntest_split: test\ndoc_to_text: x\ndoc_to_target: y\nmetric_list: [{ metric: exact_match }]\n',
    );
    await expect(planned(taskRunner, { task: 'gated.yaml' })).rejects.toThrow(
      'the split test of a/b has no local file',
    );
    await expect(planned(taskRunner, { task: 'none.yaml' })).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
    });
  });

  it('has no scores of an eval that did not come to its end, or of numbers that are none', () => {
    expect(() => taskRunner.scores(new Map())).toThrow('it did not come to its end');
    expect(() => taskRunner.scores(new Map([['results.json', '{"schema":"sweepline-eval/1"}']]))).toThrow(
      "can't read results.json",
    );
  });
});

describe('lm-eval', () => {
  it('is run with the arguments that InferenceX gives it', async () => {
    await writeFile(join(root, 'gsm8k.yaml'), 'task: gsm8k\nprocess_docs: !function utils.f\n');
    const plan = await planned(lmEval, { task: 'gsm8k.yaml' }, { fewshot: 2 });
    // Recorded in February 2026, but for paths and --log_samples.
    expect(plan.argv.map(filled).slice(4)).toEqual([
      ...['--model', 'local-chat-completions', '--apply_chat_template', '--tasks', '/eval/task/gsm8k.yaml'],
      ...['--num_fewshot', '2', '--output_path', '/eval/out', '--log_samples', '--model_args'],
      'model=some/model,base_url=http://h:1/v1/chat/completions,api_key=EMPTY,eos_string=</s>,max_retries=5,num_concurrent=8,timeout=600,tokenized_requests=False,max_length=16384',
      ...['--gen_kwargs', 'max_tokens=8192,temperature=0,top_p=1'],
    ]);
    expect(plan.setup?.map((argv) => argv.map(filled).join(' '))).toEqual([
      'python3 -m pip install -q --no-cache-dir --break-system-packages lm-eval[api]',
      'python3 -m pip install -q --no-cache-dir --no-deps --break-system-packages git+https://github.com/EleutherAI/lm-evaluation-harness.git@b315ef3b05176acc9732bb7fdec116abe1ecc476',
    ]);
    expect(Object.keys(plan.files)).toEqual(['run_lm_eval.py', 'task/gsm8k.yaml', 'task/utils.py']);
    expect(plan.env).toEqual({ OPENAI_API_KEY: 'EMPTY' });
  });

  it('is given local data by a task that includes the other', async () => {
    const plan = await planned(lmEval, { task: '@sweepline/evals/first', install: false });
    expect(plan.setup).toEqual([]);
    expect(plan.argv.map(filled)).toContain('/eval/task/sweepline-data.yaml');
    expect(textOf(plan, 'task/sweepline-data.yaml')).toBe(
      'include: "first.yaml"\ndataset_path: json\ndataset_name: null\ndataset_kwargs:\n  data_files:\n    "test": "/eval/data/0.jsonl"\n    "shots": "/eval/data/1.jsonl"\n',
    );
  });

  const written = {
    results: { first: { alias: 'first', 'exact_match,f': 0.25, 'exact_match_stderr,f': 0.1 } },
    'n-samples': { first: { original: 9, effective: 4 } },
    'n-shot': { first: 2 },
    configs: { first: { dataset_path: 'a/b', dataset_name: 'c' } },
  };
  const scored = (changed: object): ReturnType<typeof lmEval.scores> => {
    const file = { lm_eval: { version: '0.4.9.2', commit: null }, data: {}, revisions: { 'a/b': 'abc' } };
    return lmEval.scores(
      new Map([['results.json', JSON.stringify({ ...file, written: { ...written, ...changed } })]]),
    );
  };

  it('gives the scores of its one task, or of the one group', () => {
    const scores = [{ metric: 'exact_match', filter: 'f', value: 0.25, stderr: 0.1 }];
    expect(scored({})).toEqual({
      ...{ scores, samples: 4, of: 9, fewshot: 2, tool: { name: 'lm-eval', version: '0.4.9.2' } },
      dataset: { name: 'a/b/c', revision: 'abc' },
    });
    const row = written.results.first;
    const group = {
      results: { g: { ...row, 'exact_match_stderr,f': 'N/A' }, first: row, second: row },
      group_subtasks: { g: ['first', 'second'] },
      'n-samples': { first: { original: 9, effective: 9 }, second: { original: 1, effective: 1 } },
      'n-shot': { first: 2, second: 2 },
    };
    const { scores: ofGroup, samples } = scored(group);
    expect([ofGroup, samples]).toEqual([[{ metric: 'exact_match', filter: 'f', value: 0.25 }], 10]);
  });

  it.each([
    ['several tasks', { results: { a: {}, b: {} } }, 'results of 2 tasks'],
    ['no scores', { results: { first: { alias: 'x' } } }, 'has no scores'],
    ['what is no fraction', { results: { first: { 'ppl,none': 17 } } }, 'is 17, not a fraction'],
    ['an unknown number of questions', { 'n-samples': {} }, 'number of questions of first is not known'],
  ])('gives no scores of results with %s', (_, changed, message) => {
    expect(() => scored(changed)).toThrow(message);
    expect(() => lmEval.scores(new Map([['results.json', '{"a": NaN}']]))).toThrow("can't read results.json");
  });

  it("can't be given a model with a comma", () => {
    const options = lmEval.options?.parse({ task: 'gsm8k' }) as Parameters<typeof lmEval.plan>[0]['options'];
    expect(lmEval.rejects?.({ job, concurrency: 1, model: 'a,b', task: 't', root, options })).toBeDefined();
  });
});

it('the first eval has 242 questions, each once', async () => {
  const lines = (await readFile(new URL('../../tasks/first/questions.jsonl', import.meta.url), 'utf8'))
    .trim()
    .split('\n');
  expect(new Set(lines).size).toBe(242);
});
