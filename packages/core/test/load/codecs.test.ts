import { describe, expect, it } from 'vitest';
import { errorMessage } from '../../src/load/codec.js';
import { codecOf } from '../../src/load/codecs/index.js';
import type { LoadSpec } from '../../src/load/spec.js';
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
    ['{"choices":[],"usage":{}}', { kind: 'chunk', hasChoices: false, hasContent: false, usage: {} }],
    ['{"error":{"message":"no memory"}}', { kind: 'error', message: 'no memory' }],
    ['{"error":"no memory"}', { kind: 'error', message: 'no memory' }],
    ['{"choices', { kind: 'malformed', message: 'not JSON: {"choices' }],
    ['[1]', { kind: 'malformed', message: 'not an object: [1]' }],
  ])('%s', (payload, event) => {
    expect(readEvent(payload)).toEqual(event);
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
