import { describe, expect, it } from 'vitest';
import { errorMessage } from '../../src/load/client/codec.js';
import { codecOf } from '../../src/load/client/codecs/index.js';
import type { LoadSpec } from '../../src/load/spec/spec.js';
import { specFor } from './specs.js';

const server = { url: 'http://127.0.0.1:1' };
const bodyWriter = (spec: LoadSpec) => codecOf(spec.endpoint.api).bodyWriter(spec);
const readEvent = (payload: string) => codecOf('completions').readEvent(payload);
const lengths = { requestedPromptTokens: 3, requestedOutputTokens: 8 };

describe('bodyWriter', () => {
  it('asks for a completion of token ids as InferenceX does', () => {
    const write = bodyWriter(specFor(server));
    expect(JSON.parse(write({ json: '[1,2,3]', lengths }))).toEqual({
      model: 'fake-model',
      prompt: [1, 2, 3],
      max_tokens: 8,
      temperature: 0,
      ignore_eos: true,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('asks for a chat answer, without ignore_eos when it is off, with the extra body', () => {
    const spec = specFor(server, { endpoint: { api: 'chat' }, extraBody: { top_k: 1 } });
    const body = JSON.parse(
      bodyWriter({ ...spec, ignoreEos: false })({ json: '"a \\"b\\""', lengths }),
    ) as object;
    expect(body).toEqual({
      model: 'fake-model',
      messages: [{ role: 'user', content: 'a "b"' }],
      max_tokens: 8,
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true },
      top_k: 1,
    });
  });
});

describe('an extra body', () => {
  it.each([
    ['completions', { max_tokens: 1 }, 'max_tokens', '--random-output-len'],
    ['completions', { prompt: 'x' }, 'prompt', '--dataset-name'],
    ['completions', { stream: false }, 'stream', 'streamed'],
    ['completions', { model: 'x' }, 'model', '--model'],
    ['chat', { max_completion_tokens: 1 }, 'max_completion_tokens', '--random-output-len'],
    ['chat', { messages: [] }, 'messages', '--dataset-name'],
    ['sglang', { input_ids: [] }, 'input_ids', '--dataset-name'],
    ['sglang', { sampling_params: { max_new_tokens: 1 } }, 'max_new_tokens', '--random-output-len'],
    ['trtllm', { max_tokens: 1 }, 'max_tokens', '--random-output-len'],
  ] as const)('of %s is refused %o, which would be sent twice', (api, extraBody, key, hint) => {
    const spec = specFor(server, { endpoint: { api } });
    expect(() => bodyWriter({ ...spec, extraBody })).toThrow(
      expect.objectContaining({
        code: 'LOAD_SPEC_INVALID',
        message: expect.stringContaining(`extraBody has ${key}`) as string,
        hint: expect.stringContaining(hint) as string,
      }) as Error,
    );
  });

  it('may change what the client has a default for', () => {
    const spec = { ...specFor(server), extraBody: { temperature: 0.7, ignore_eos: false } };
    const text = bodyWriter(spec)({ json: '[1]', lengths });
    expect(JSON.parse(text)).toMatchObject({ temperature: 0.7, ignore_eos: false });
    expect(text.match(/"temperature"/g)).toHaveLength(1);
  });
});

describe('cached tokens', () => {
  it('are read where APIs have them', () => {
    const completion = (usage: object) => readEvent(JSON.stringify({ choices: [], usage }));
    const details = { prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 8 } };
    expect(completion(details)).toMatchObject({
      usage: { promptTokens: 9, outputTokens: 4, cachedTokens: 8 },
    });
    expect(completion({ prompt_tokens: 9, prompt_tokens_details: null })).toMatchObject({
      usage: { promptTokens: 9 },
    });
    const meta_info = { prompt_tokens: 9, completion_tokens: 4, cached_tokens: 8, finish_reason: null };
    expect(codecOf('sglang').readEvent(JSON.stringify({ text: 'a', meta_info }))).toMatchObject({
      usage: { cachedTokens: 8 },
    });
  });
});

describe('readEvent', () => {
  it.each([
    ['[DONE]', { kind: 'done' }],
    [
      '{"choices":[{"text":" a"}]}',
      { kind: 'chunk', hasChoices: true, hasContent: true, textKey: 'text', text: ' a' },
    ],
    ['{"choices":[{"text":""}]}', { kind: 'chunk', hasChoices: true, hasContent: false }],
    [
      '{"choices":[{"delta":{"role":"assistant","content":""}}]}',
      { kind: 'chunk', hasChoices: true, hasContent: false },
    ],
    [
      '{"choices":[{"delta":{"content":"a"}}]}',
      { kind: 'chunk', hasChoices: true, hasContent: true, textKey: 'content', text: 'a' },
    ],
    [
      '{"choices":[{"delta":{"reasoning_content":"a"}}]}',
      { kind: 'chunk', hasChoices: true, hasContent: true, textKey: 'reasoning_content', text: 'a' },
    ],
    [
      '{"choices":[{"text":"a","finish_reason":"length"}],"usage":null}',
      {
        kind: 'chunk',
        hasChoices: true,
        hasContent: true,
        textKey: 'text',
        text: 'a',
        finishReason: 'length',
      },
    ],
    [
      '{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":0}}',
      { kind: 'chunk', hasChoices: false, hasContent: false, usage: { promptTokens: 3, outputTokens: 0 } },
    ],
    [
      '{"choices":[{"delta":{"reasoning":"a","reasoning_content":"a","content":"b"}}]}',
      { kind: 'chunk', hasChoices: true, hasContent: true, text: 'ab' },
    ],
    [
      '{"choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning_content":null,"tool_calls":null},"finish_reason":null,"matched_stop":null}],"usage":null}',
      { kind: 'chunk', hasChoices: true, hasContent: false },
    ],
    [
      '{"choices":[{"index":0,"delta":{"tool_calls":[{"id":"c1","type":"function","index":0,"function":{"name":"search","arguments":"{"}}]},"finish_reason":null}]}',
      { kind: 'chunk', hasChoices: true, hasContent: true, text: 'search{' },
    ],
    [
      '{"choices":[{"index":0,"text":" a","logprobs":null,"finish_reason":null,"stop_reason":null}],"usage":{"prompt_tokens":3,"total_tokens":5,"completion_tokens":2}}',
      {
        kind: 'chunk',
        hasChoices: true,
        hasContent: true,
        textKey: 'text',
        text: ' a',
        usage: { promptTokens: 3, outputTokens: 2 },
      },
    ],
    [
      '{"choices":[{"index":0,"text":"","finish_reason":"abort"}]}',
      { kind: 'error', message: 'the server aborted the answer (abort)' },
    ],
    [
      '{"choices":[{"index":0,"text":"","finish_reason":"cancelled"}]}',
      { kind: 'error', message: 'the server aborted the answer (cancelled)' },
    ],
    ['', { kind: 'chunk', hasChoices: false, hasContent: false }],
    [
      '{"choices":[{"delta":{"reasoning":"a","reasoning_content":"a","content":""}}]}',
      { kind: 'chunk', hasChoices: true, hasContent: true, text: 'a' },
    ],
    ['{"choices":[],"usage":{}}', { kind: 'chunk', hasChoices: false, hasContent: false, usage: {} }],
    ['{"error":{"message":"no memory"}}', { kind: 'error', message: 'no memory' }],
    ['{"error":"no memory"}', { kind: 'error', message: 'no memory' }],
    ['{"choices', { kind: 'malformed', message: 'not JSON: {"choices' }],
    ['[1]', { kind: 'malformed', message: 'not an object: [1]' }],
  ])('%s', (payload, event) => {
    expect(readEvent(payload)).toEqual(event);
  });
});

describe('a conversation', () => {
  const prompt = {
    json: '"and \\"b\\"?"',
    lengths,
    history: [
      { userJson: '"what?"', answer: 'a "thing"\n' },
      { userJson: '"is a?"', answer: '' },
    ],
  };
  const bodyOf = (api: LoadSpec['endpoint']['api']): unknown =>
    JSON.parse(bodyWriter(specFor(server, { endpoint: { api } }))(prompt));

  it('is told as messages in a chat', () => {
    expect(bodyOf('chat')).toMatchObject({
      messages: [
        { role: 'user', content: 'what?' },
        { role: 'assistant', content: 'a "thing"\n' },
        { role: 'user', content: 'is a?' },
        { role: 'assistant', content: '' },
        { role: 'user', content: 'and "b"?' },
      ],
    });
  });

  it('is one text that goes on elsewhere', () => {
    const text = 'what?a "thing"\nis a?and "b"?';
    expect(bodyOf('completions')).toMatchObject({ prompt: text });
    expect(bodyOf('sglang')).toMatchObject({ text });
    expect(bodyOf('trtllm')).toMatchObject({ text_input: text });
  });
});

describe('errorMessage', () => {
  it('finds the message wherever servers put it', () => {
    expect(errorMessage({ error: { message: 'a' } })).toBe('a');
    expect(errorMessage({ message: 'b', object: 'error' })).toBe('b');
    expect(errorMessage({ detail: 'c' })).toBe('c');
    expect(errorMessage({ detail: [{ loc: ['body'] }] })).toBe('{"detail":[{"loc":["body"]}]}');
    expect(errorMessage('plain')).toBe('plain');
  });
});

describe('the codecs of engines', () => {
  it('ask SGLang in its own words, and take its counts', () => {
    const spec = specFor(server, { endpoint: { api: 'sglang' } });
    expect(JSON.parse(bodyWriter(spec)({ json: '[1,2]', lengths }))).toEqual({
      stream: true,
      input_ids: [1, 2],
      sampling_params: { temperature: 0, max_new_tokens: 8, ignore_eos: true },
    });
    const extra = bodyWriter({ ...spec, extraBody: { rid: 'x', sampling_params: { top_p: 0.9 } } });
    expect(JSON.parse(extra({ json: '"a"', lengths }))).toEqual({
      stream: true,
      rid: 'x',
      text: 'a',
      sampling_params: { temperature: 0, max_new_tokens: 8, ignore_eos: true, top_p: 0.9 },
    });
    expect(
      codecOf('sglang').readEvent(
        '{"text":"a b","meta_info":{"prompt_tokens":2,"completion_tokens":2,"finish_reason":{"type":"length","length":2}}}',
      ),
    ).toEqual({
      kind: 'chunk',
      hasChoices: true,
      hasContent: true,
      textKey: 'text',
      text: 'a b',
      finishReason: 'length',
      usage: { promptTokens: 2, outputTokens: 2 },
    });
  });

  it("take SGLang's events as they are: all the text so far, ids of tokens alone, and answers given up", () => {
    const read = (payload: string) => codecOf('sglang').readEvent(payload);
    const meta =
      '"id":"r","prompt_tokens":2,"weight_version":"default","completion_tokens":1,"cached_tokens":1';
    expect(codecOf('sglang').cumulative).toBe(true);
    expect(read(`{"text":" a","output_ids":[5],"meta_info":{${meta},"finish_reason":null}}`)).toEqual({
      kind: 'chunk',
      hasChoices: true,
      hasContent: true,
      textKey: 'text',
      text: ' a',
      usage: { promptTokens: 2, outputTokens: 1, cachedTokens: 1 },
    });
    expect(read(`{"output_ids":[5],"meta_info":{${meta},"finish_reason":null}}`)).toMatchObject({
      hasChoices: true,
      hasContent: false,
    });
    expect(
      read(`{"text":"","meta_info":{${meta},"finish_reason":{"type":"abort","message":"Out of memory"}}}`),
    ).toEqual({ kind: 'error', message: 'the server aborted the answer (abort): Out of memory' });
    expect(read('{"error":{"message":"The input is too long"}}')).toEqual({
      kind: 'error',
      message: 'The input is too long',
    });
  });

  it('ask TensorRT-LLM behind Triton, which counts nothing', () => {
    const spec = specFor(server, { endpoint: { api: 'trtllm' } });
    expect(JSON.parse(bodyWriter(spec)({ json: '"a b"', lengths }))).toEqual({
      stream: true,
      temperature: 0,
      end_id: -1,
      max_tokens: 8,
      text_input: 'a b',
    });
    expect(codecOf('trtllm').readEvent('{"model_name":"ensemble","text_output":" a"}')).toEqual({
      kind: 'chunk',
      hasChoices: true,
      hasContent: true,
      textKey: 'text_output',
      text: ' a',
    });
  });

  it('see the arguments of tools as text', () => {
    expect(
      readEvent('{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}}]}'),
    ).toMatchObject({ hasChoices: true, hasContent: true, textKey: 'arguments' });
  });
});
