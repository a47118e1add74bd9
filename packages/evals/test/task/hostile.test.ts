import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDocuments, readTask } from '../../src/tasks.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evals-hostile-'));
  await writeFile(join(folder, 'outside.yaml'), 'doc_to_text: x\n');
  await mkdir(join(folder, 'tasks'));
  await symlink('../outside.yaml', join(folder, 'tasks/link.yaml'));
});
afterAll(() => rm(folder, { recursive: true }));

const BASE = `dataset_path: json
test_split: test
doc_to_text: '{{q}}'
doc_to_target: '{{a}}'
metric_list: [{ metric: exact_match }]
`;

async function write(name: string, text: string): Promise<string> {
  const file = join(folder, 'tasks', name);
  await writeFile(file, text);
  return file;
}

describe('include', () => {
  it('takes keys of other files: own ones win, then those of the first file', async () => {
    await write('base.yaml', `task: base\nnum_fewshot: 1\n${BASE}`);
    await write('more.yaml', 'task: more\nnum_fewshot: 2\ndescription: d\n');
    const file = await write('own.yaml', 'include: [more.yaml, base.yaml]\ntask: own\n');
    expect(await readTask(file)).toMatchObject({ task: 'own', num_fewshot: 2, description: 'd' });
  });

  it.each([
    ['itself', 'include: a.yaml\n', 'it includes itself'],
    ['a file above', 'include: ../outside.yaml\n', "is outside of the task's folder"],
    ['a link to one', 'include: link.yaml\n', "is outside of the task's folder"],
    ['a system file', 'include: /etc/hostname\n', "is outside of the task's folder"],
    ['what is no path', 'include: 3\n', 'expected a path'],
    ['what is not there', 'include: none.yaml\n', "can't read"],
  ])('of %s is refused', async (_, text, message) => {
    await expect(readTask(await write('a.yaml', `${text}task: a\n${BASE}`))).rejects.toThrow(message);
  });

  it('says which file has a key that is refused', async () => {
    const bad = await write('bad.yaml', 'output_type: loglikelihood\n');
    const file = await write('b.yaml', `include: bad.yaml\ntask: b\n${BASE}`);
    await expect(readTask(file)).rejects.toMatchObject({ where: { file: bad, key: 'output_type' } });
  });
});

it('a task that calls Python says what to do instead', async () => {
  const file = await write('c.yaml', `task: c\nprocess_docs: !function utils.process_docs\n${BASE}`);
  await expect(readTask(file)).rejects.toMatchObject({
    message: 'the task calls a function of Python (!function)',
    where: { line: 2 },
    hint: expect.stringContaining('lm-eval itself') as string,
  });
});

it.each([
  ['a loop', "description: '{% for i in range(10**9) %}x{% endfor %}'"],
  ['a file', 'description: \'{% include "/etc/passwd" %}\''],
  ['an attribute', "description: '{{ q.__class__ }}'"],
  ['a product', "description: '{{ q * 1000000000 }}'"],
])('a template with %s is refused', async (_, line) => {
  await expect(readTask(await write('d.yaml', `task: d\n${line}\n${BASE}`))).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
  });
});

it('data that is too long, or no file, is not read', async () => {
  const task = await readTask(await write('e.yaml', `task: e\n${BASE}`));
  const read = (test: string): Promise<unknown> =>
    readDocuments(task, { file: join(folder, 'tasks/e.yaml'), data: { test }, numFewshot: 0 });
  const long = await write('long.jsonl', '{"q":"');
  await truncate(long, 2 ** 30);
  await expect(read(long)).rejects.toThrow('the file has 1073741824 bytes');
  await expect(read('/dev/zero')).rejects.toThrow('it is not a file');
  await expect(read(await write('no.parquet', 'PAR1'))).rejects.toMatchObject({ code: 'WORKLOAD_INVALID' });
});
