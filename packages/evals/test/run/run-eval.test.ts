import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runEval, settingsSchema, type Results } from '../../src/tasks.js';
import { complete, FakeServer } from './fake-server.js';

/** Threads and programs are started from what is built. */
const RUNNER = new URL('../../dist/runner.js', import.meta.url);
const TASK = `task: echo
dataset_path: json
dataset_kwargs: { data_files: { test: test.jsonl } }
test_split: test
doc_to_text: '{{q}}'
doc_to_target: '{{a}}'
generation_kwargs: { until: ['</s>', 'b', 'c', 'd', 'e'], max_gen_toks: 9 }
metric_list: [{ metric: exact_match }]
`;
const COUNT = 12;

let home: string;
let folder: string;
let number = 0;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'evals-run-'));
  await writeFile(join(home, 'echo.yaml'), TASK);
  const lines = Array.from({ length: COUNT }, (_, i) => JSON.stringify({ q: `q${i}`, a: `a${i}` }));
  await writeFile(join(home, 'test.jsonl'), `${lines.join('\n')}\n`);
});
beforeEach(() => (folder = join(home, `out${number++}`)));
afterAll(() => rm(home, { recursive: true }));

const right = (question: string): string => question.replace('q', 'a');

function run(
  server: FakeServer,
  more: object = {},
  { signal = new AbortController().signal, task = 'echo.yaml', deadline = 20, env = {} } = {},
): Promise<Results> {
  const settings = settingsSchema.parse({
    ...{ tool: { name: 'test', version: '1' }, task: join(home, task), baseUrl: server.url, model: 'm' },
    ...{ concurrency: 4, output: folder, resume: true, ...more },
  });
  return runEval(settings, {
    ...{ signal, thread: RUNNER, env, patternDeadlineS: deadline },
    wait: () => Promise.resolve(),
  });
}

const samplesIn = async (): Promise<string> => readFile(join(folder, 'samples.jsonl'), 'utf8');
const resultsIn = (): Promise<string> => readFile(join(folder, 'results.json'), 'utf8');

describe('an eval', () => {
  it('asks as lm-eval does, and counts what a reader of its score should know', async () => {
    await using server = await FakeServer.start((question, response) => {
      if (question === 'q0') complete(response, null, { reasoning: 'a0' });
      else if (question === 'q1') complete(response, '', { finish: 'length' });
      else complete(response, question === 'q2' ? 'wrong' : right(question));
    });
    const results = await run(server, { generation: { topP: 1, system: 'Be short.' } });
    expect(server.sent[0]?.body).toEqual({
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: 'q0' },
      ],
      ...{ model: 'm', max_tokens: 9, temperature: 0, stop: ['</s>', 'b', 'c', 'd'], seed: 1234, top_p: 1 },
    });
    expect(results).toMatchObject({
      scores: [{ metric: 'exact_match', filter: 'none', value: 10 / 12 }],
      ...{ samples: 12, of: 12, truncated: 1, empty: 1, reasoning: 1, retried: 0, attempts: 12 },
      usage: { answers: 12, input: 60, output: 24 },
    });
    expect(JSON.parse(await resultsIn())).toEqual(results);
    const [first = ''] = (await samplesIn()).split('\n').filter((line) => line.includes('"index":0,'));
    expect(JSON.parse(first)).toMatchObject({ from: 'reasoning', answer: 'a0', filtered: { none: 'a0' } });
  });

  it('asks again after failures of the connection, 429, 5xx and what is no completion', async () => {
    const failures = [429, 503, 200, 0];
    await using server = await FakeServer.start((question, response) => {
      const failure = question === 'q3' ? failures.shift() : undefined;
      if (failure === undefined) complete(response, right(question));
      else if (failure === 0) response.destroy();
      else response.writeHead(failure).end('{"choices":[]}');
    });
    expect(await run(server)).toMatchObject({ scores: [{ value: 1 }], retried: 1, attempts: 16 });
  });

  it.each([
    ['a status that stays the same', 401, 1],
    ['a status that may pass', 500, 5],
  ])('fails with the number of questions after %s, and scores none of them', async (_, status, attempts) => {
    await using server = await FakeServer.start((question, response) => {
      if (question === 'q5') response.writeHead(status).end('key sk-very-secret');
      else complete(response, right(question));
    });
    const failed = run(server, { apiKeyEnv: 'KEY' }, { env: { KEY: 'sk-very-secret' } });
    await expect(failed).rejects.toMatchObject({
      code: 'EVAL_FAILED',
      message: expect.stringMatching(
        new RegExp(
          `^1 of 12 questions have no answer.*question 5: status ${status}: key \\*\\*\\* \\(attempt ${attempts}\\)$`,
        ),
      ) as string,
    });
    expect(server.sent.filter(({ question }) => question === 'q5')).toHaveLength(attempts);
    await expect(resultsIn()).rejects.toThrow('ENOENT');
    expect(await samplesIn()).not.toContain('"index":5,');
  });

  it('ends a request that takes too long', async () => {
    await using server = await FakeServer.start(() => {});
    const failed = run(server, { requestTimeoutS: 0.05, maxAttempts: 2, limit: 1 });
    await expect(failed).rejects.toThrow('question 0: no answer within 0.05 s (attempt 2)');
  });

  it('continues where it was stopped, after a torn line, and asks nothing twice', async () => {
    const stop = new AbortController();
    await using server = await FakeServer.start((question, response, { sent }) => {
      if (sent.length === 7) stop.abort();
      else complete(response, right(question));
    });
    await expect(run(server, {}, stop)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    const kept = (await samplesIn()).split('\n').length - 1;
    await appendFile(join(folder, 'samples.jsonl'), '{"index":11,"doc":"12');
    const before = server.sent.length;
    expect(await run(server)).toMatchObject({ scores: [{ value: 1 }], samples: 12 });
    expect(server.sent).toHaveLength(before + COUNT - kept);
    const samples = (await samplesIn()).trim().split('\n');
    expect(new Set(samples.map((line) => /"index":(\d+)/.exec(line)?.[1])).size).toBe(COUNT);
    expect(samples).toHaveLength(COUNT);
    // A third run asks nothing and gives the same.
    expect(await run(server)).toMatchObject({ samples: 12, attempts: 12 });
    expect(server.sent).toHaveLength(before + COUNT - kept);
  });

  it('does not join answers of other settings, and does not overwrite without being asked to', async () => {
    await using server = await FakeServer.start((question, response) => complete(response, right(question)));
    await run(server);
    const results = await resultsIn();
    await expect(run(server, { seed: 3, generation: { maxTokens: 1 } })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('belong to another eval: seed, request') as string,
    });
    await expect(run(server, { resume: false })).rejects.toMatchObject({ code: 'USAGE' });
    expect(await resultsIn()).toBe(results);
  });

  it('ends a pattern that backtracks, and names it with the question', async () => {
    const filter = `filter_list: [{ name: f, filter: [{ function: regex, regex_pattern: '(a+)+$' }, { function: take_first }] }]\n`;
    await writeFile(join(home, 'slow.yaml'), TASK + filter);
    await using server = await FakeServer.start((_, response) => complete(response, `${'a'.repeat(60)}!`));
    const failed = run(server, { limit: 1 }, { task: 'slow.yaml', deadline: 0.2 });
    await expect(failed).rejects.toThrow(
      "can't score the answer to question 0: the pattern (a+)+$ doesn't come to an end within 0.2 s",
    );
  });
});

describe('the bundled program', () => {
  it('needs nothing but Node, keeps answers when it is killed, and says why it fails on one line', async () => {
    const killed: { child?: ReturnType<typeof start> } = {};
    await using server = await FakeServer.start((question, response, { sent }) => {
      if (sent.length === 6) killed.child?.kill('SIGKILL');
      else complete(response, right(question));
    });
    const program = join(home, 'runner.mjs');
    await writeFile(program, await readFile(RUNNER));
    const spec = join(home, 'spec.json');
    const start = () => spawn(process.execPath, [program, spec], { cwd: tmpdir() });
    const settings = { task: 'echo.yaml', baseUrl: server.url, model: 'm', output: folder, resume: true };
    await writeFile(spec, JSON.stringify({ tool: { name: 't', version: '1' }, ...settings }));
    killed.child = start();
    await once(killed.child, 'close');
    expect((await samplesIn()).split('\n')).toHaveLength(6);
    const again = start();
    let said = '';
    again.stdout.on('data', (part: Buffer) => (said += part.toString()));
    expect(await once(again, 'close')).toEqual([0, null]);
    const events = said
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(events.at(-1)).toMatchObject({ event: 'scores', samples: 12, scores: [{ value: 1 }] });
    expect(server.sent).toHaveLength(COUNT + 1);
    await writeFile(spec, '{}');
    const broken = start();
    let problem = '';
    broken.stderr.on('data', (part: Buffer) => (problem += part.toString()));
    expect(await once(broken, 'close')).toEqual([2, null]);
    expect(problem).toMatch(/^USAGE: can't read the spec: .*\n$/u);
  });
});
