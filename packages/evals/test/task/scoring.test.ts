import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meanAndError, questionsOf, readDocuments, readTask, scorerOf } from '../../src/tasks.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evals-'));
});
afterAll(() => rm(folder, { recursive: true }));

const TASK = `task: sums
dataset_path: json
dataset_kwargs: { data_files: { test: test.jsonl, train: train.jsonl } }
fewshot_split: train
test_split: test
doc_to_text: "Q: {{q}}"
doc_to_target: "{{a.split('#')[-1].strip()}}"
num_fewshot: 2
filter_list:
  - name: strict
    filter: [{ function: regex, regex_pattern: '#### (-?\\d+)' }, { function: take_first }]
  - name: last
    filter: [{ function: regex, group_select: -1, regex_pattern: '(-?[$0-9.,]{2,})|(-?[0-9]+)' }, { function: take_first }]
metric_list:
  - { metric: exact_match, ignore_case: true, regexes_to_ignore: [',', '\\$', '\\.$'] }
`;

async function write(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

describe('a task', () => {
  it('is scored by each of its pipelines', async () => {
    const score = scorerOf(await readTask(await write('a.yaml', TASK)));
    expect(score('so 3 and\n#### 1', '1')).toEqual([
      { filter: 'strict', answer: '1', score: 1 },
      { filter: 'last', answer: '1', score: 1 },
    ]);
    expect(score('it is $1,234.', '1234')).toEqual([
      { filter: 'strict', answer: '[invalid]', score: 0 },
      { filter: 'last', answer: '$1,234.', score: 1 },
    ]);
  });

  it('asks with the examples that lm-eval draws', async () => {
    const line = (i: number): string => `${JSON.stringify({ q: i, a: `x # ${i} ` })}\n`;
    const lines = Array.from({ length: 7473 }, (_, i) => line(i));
    await write('test.jsonl', lines.slice(0, 2).join(''));
    await write('train.jsonl', lines.join(''));
    const file = await write('b.yaml', TASK);
    const task = await readTask(file);
    const { questions, examples } = await readDocuments(task, { file, data: {}, numFewshot: 2 });
    // r = random.Random(1234); [r.sample(range(7473), 2) for _ in range(2)], CPython 3.11
    const asked = [...questionsOf(task, questions, examples, { numFewshot: 2, seed: 1234 })];
    expect(asked.map(({ messages }) => messages.map(({ content }) => content))).toEqual([
      ['Q: 6374', '6374', 'Q: 3610', '3610', 'Q: 0'],
      ['Q: 957', '957', 'Q: 61', '61', 'Q: 1'],
    ]);
    expect(asked.map(({ target }) => target)).toEqual(['0', '1']);
  });

  it.each([
    ['a function of Python', 'process_docs: !function utils.f\n', 'CONFIG_SYNTAX', 18],
    ['a loop in a template', "description: '{% for x in y %}{% endfor %}'\n", 'CONFIG_INVALID', 18],
    ['another kind of output', 'output_type: loglikelihood\n', 'CONFIG_INVALID', 18],
    ['documents changed by code', 'process_docs: f\n', 'CONFIG_INVALID', 18],
  ])('with %s is refused where it is', async (_, more, code, line) => {
    const refused = readTask(await write('c.yaml', `${TASK}${more}`));
    await expect(refused).rejects.toMatchObject({ code, where: { line: line - 2 } });
  });

  it('refuses a number that Python prints otherwise, and a split that is not here', async () => {
    const file = await write('d.yaml', TASK);
    const task = await readTask(file);
    const data = { test: await write('floats.jsonl', '{"q": "\\"1.0", "a": "1"}\n{"q": 1.0, "a": "1"}\n') };
    await expect(readDocuments(task, { file, data, numFewshot: 0 })).rejects.toMatchObject({
      where: { line: 2 },
    });
    const gated = { ...task, dataset_path: 'some/gated' };
    await expect(readDocuments(gated, { file, data: {}, numFewshot: 0 })).rejects.toMatchObject({
      code: 'WORKLOAD_INVALID',
      message: 'the split test of some/gated has no local file',
    });
  });
});

describe('a score', () => {
  it('has the error of lm-eval', () => {
    expect(meanAndError([1, 1, 1, 0])).toEqual({ mean: 0.75, stderr: 0.25 });
    expect(meanAndError([1])).toEqual({ mean: 1, stderr: undefined });
  });
});
