import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allChunks, chunksOf, metricsOf, post, type Usage } from './client.js';
import { startTiny } from './server-process.js';

const PARALLEL = 4;
/** Tokens of a slot. */
const CONTEXT = 2048;
const LONG = { model: 'tiny', prompt: [300, 301], ignore_eos: true, stream: true, max_tokens: 2000 };

let server: Awaited<ReturnType<typeof startTiny>>;
let completions: string;

beforeAll(async () => {
  server = await startTiny('--parallel', String(PARALLEL), '--ctx-size', String(PARALLEL * CONTEXT));
  completions = `${server.base}/v1/completions`;
});
afterAll(() => server.stop());

test('streams one chunk for every token, the usage after them, and counts exactly at more requests than slots', async () => {
  const before = await metricsOf(server.base);
  const requests = Array.from({ length: 3 * PARALLEL }, (_, index) => ({
    prompt: Array.from({ length: 1 + 97 * index }, (_, position) => 300 + position),
    max_tokens: 1 + index,
  }));
  const answers = await Promise.all(
    requests.map((request) =>
      allChunks(post(completions, { ...LONG, ...request, stream_options: { include_usage: true } })),
    ),
  );
  answers.forEach((chunks, index) => {
    const { prompt, max_tokens } = requests[index]!;
    const last = chunks.pop();
    const total_tokens = prompt.length + max_tokens;
    expect(last).toMatchObject({
      choices: [],
      usage: { prompt_tokens: prompt.length, completion_tokens: max_tokens, total_tokens },
    });
    expect(chunks).toHaveLength(max_tokens);
    expect(chunks.map(({ choices }) => choices[0]?.finish_reason)).toEqual([
      ...Array<null>(max_tokens - 1).fill(null),
      'length',
    ]);
  });
  const after = await metricsOf(server.base);
  const grown = (name: string) => after[name]! - before[name]!;
  expect(grown('llamacpp:prompt_tokens_total')).toBe(
    requests.reduce((sum, { prompt }) => sum + prompt.length, 0),
  );
  expect(grown('llamacpp:tokens_predicted_total')).toBe(
    requests.reduce((sum, { max_tokens }) => sum + max_tokens, 0),
  );
  expect(grown('llamacpp:requests_total{state="completed"}')).toBe(requests.length);
  for (const [index, [first]] of answers.entries()) {
    const tokens = `prompt_tokens=${requests[index]!.prompt.length} completion_tokens=${requests[index]!.max_tokens}`;
    await server.line(new RegExp(`^request id=${first!.id} state=completed ${tokens}$`));
  }
});

test('a request joins those that are running', async () => {
  const hangUp = new AbortController();
  const running = chunksOf(await post(completions, LONG, hangUp.signal));
  await running.next();
  const joined = await allChunks(post(completions, { ...LONG, max_tokens: 3 }));
  expect(joined).toHaveLength(3);
  const { id } = (await running.next()).value as { id: string };
  expect(server.lines.filter((line) => line.startsWith(`request id=${id} `))).toEqual([]);
  hangUp.abort();
  await server.line(new RegExp(`^request id=${id} state=cancelled `));
});

async function firstId(stream: Response): Promise<string> {
  const first = await chunksOf(stream).next();
  if (first.done) throw new Error('the stream had no chunk');
  return first.value.id;
}

test('hanging up frees the slot and counts as cancelled', async () => {
  const before = (await metricsOf(server.base))['llamacpp:requests_total{state="cancelled"}']!;
  const hangUp = new AbortController();
  const streams = await Promise.all(
    Array.from({ length: PARALLEL }, () => post(completions, LONG, hangUp.signal)),
  );
  const ids = await Promise.all(streams.map(firstId));
  hangUp.abort();
  for (const id of ids) await server.line(new RegExp(`^request id=${id} state=cancelled prompt_tokens=2 `));
  expect(await allChunks(post(completions, { ...LONG, max_tokens: 2 }))).toHaveLength(2);
  expect((await metricsOf(server.base))['llamacpp:requests_total{state="cancelled"}']).toBe(
    before + PARALLEL,
  );
});

test('greedy decoding gives the asked length alone and in a full batch, and the whole text that the stream gives', async () => {
  const request = { model: 'tiny', prompt: 'bazo muri', max_tokens: 40, temperature: 0, ignore_eos: true };
  const whole = (await (await post(completions, request)).json()) as {
    choices: { text: string }[];
    usage: Usage;
  };
  const streamed = await allChunks(post(completions, { ...request, stream: true }));
  expect(streamed.map(({ choices }) => choices[0]?.text).join('')).toBe(whole.choices[0]?.text);
  const together = await Promise.all(Array.from({ length: PARALLEL }, () => post(completions, request)));
  for (const response of together) expect(await response.json()).toMatchObject({ usage: whole.usage });
  expect(whole.usage.completion_tokens).toBe(40);
});

test('equal seeds draw equal tokens', async () => {
  const request = { model: 'tiny', prompt: [[400, 401]], max_tokens: 12, temperature: 1, ignore_eos: true };
  const draw = async (seed: number) =>
    ((await (await post(completions, { ...request, seed })).json()) as { choices: unknown }).choices;
  expect(await draw(7)).toEqual(await draw(7));
  expect(await draw(7)).not.toEqual(await draw(8));
});

test('chat streams the role first, and gives a message without streaming', async () => {
  const request = {
    model: 'tiny',
    messages: [{ role: 'user', content: 'bazo' }],
    max_completion_tokens: 5,
    ignore_eos: true,
  };
  const [opening, ...tokens] = await allChunks(
    post(`${server.base}/v1/chat/completions`, { ...request, stream: true }),
  );
  expect(opening?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
  expect(tokens).toHaveLength(5);
  expect(tokens.every(({ choices }) => typeof choices[0]?.delta?.content === 'string')).toBe(true);
  const whole: unknown = await (await post(`${server.base}/v1/chat/completions`, request)).json();
  expect(whole).toMatchObject({
    object: 'chat.completion',
    choices: [{ message: { role: 'assistant' }, finish_reason: 'length' }],
    usage: { completion_tokens: 5 },
  });
});

describe('refuses with an OpenAI error body', () => {
  const valid = { model: 'tiny', prompt: [300] };
  test.each([
    ['what is not JSON', '{"model":', 400, null],
    ['what is not an object', [], 400, null],
    ['an unknown model', { ...valid, model: 'other' }, 404, 'model'],
    ['an empty prompt', { ...valid, prompt: [] }, 400, 'prompt'],
    ['two prompts', { ...valid, prompt: ['a', 'b'] }, 400, 'prompt'],
    ['a token beyond the vocabulary', { ...valid, prompt: [2048] }, 400, 'prompt'],
    ['no tokens', { ...valid, max_tokens: 0 }, 400, 'max_tokens'],
    ['more tokens than the context holds', { ...valid, max_tokens: CONTEXT }, 400, 'max_tokens'],
    ['what it has but does not support', { ...valid, echo: true }, 400, 'echo'],
    ['what it never heard of', { ...valid, warp: 9 }, 400, 'warp'],
    ['a body too large', ' '.repeat(9 * 1024 * 1024), 413, null],
  ])('%s', async (_what, body, status, param) => {
    const response = await post(completions, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
  });

  test('an unknown route', async () => {
    expect((await fetch(`${server.base}/v1/embeddings`)).status).toBe(404);
  });

  test('but takes parameters that change nothing, and a context used to its last token', async () => {
    const neutral = {
      best_of: 1,
      n: 1,
      logprobs: null,
      top_p: 1,
      stop: null,
      user: 'x',
      presence_penalty: 0,
    };
    const prompt = Array<number>(CONTEXT - 8).fill(300);
    const response = await post(completions, {
      ...valid,
      ...neutral,
      prompt,
      max_tokens: 8,
      ignore_eos: true,
    });
    expect(await response.json()).toMatchObject({
      usage: { prompt_tokens: CONTEXT - 8, completion_tokens: 8 },
    });
  });
});

test('ends an answer before its first stop text, counts the tokens up to there, and leaves no other request short', async () => {
  const ask = { ...LONG, stream: false, temperature: 0, max_tokens: 40 };
  const whole = (await (await post(completions, ask)).json()) as Answer;
  const text = whole.choices[0]!.text;
  // The first text of two characters that comes late enough to have something before it.
  const stop = text.slice(10, 12);
  const before = text.slice(0, text.indexOf(stop));

  const [stopped, other] = await Promise.all(
    [{ ...ask, stop: ['\u0000never', stop] }, ask].map(async (body) =>
      (await post(completions, body)).json(),
    ),
  );

  expect(stopped).toMatchObject({ choices: [{ text: before, finish_reason: 'stop' }] });
  expect((stopped as Answer).usage.completion_tokens).toBeLessThan(40);
  expect(other).toMatchObject({
    choices: [{ text, finish_reason: 'length' }],
    usage: { completion_tokens: 40 },
  });
  const streamed = await allChunks(post(completions, { ...ask, stream: true, stop }));
  expect(streamed.map(({ choices }) => choices[0]?.text ?? '').join('')).toBe(before);
  expect(streamed.at(-1)?.choices[0]?.finish_reason).toBe('stop');
});

test.each([[['']], [['a', 'b', 'c', 'd', 'e']], [5], [[5]]])('refuses %j as stop texts', async (stop) => {
  const answer = await post(completions, { ...LONG, stream: false, max_tokens: 2, stop });
  expect(answer.status).toBe(400);
});

interface Answer {
  readonly choices: readonly { readonly text: string }[];
  readonly usage: { readonly completion_tokens: number };
}
