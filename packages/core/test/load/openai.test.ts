import { describe, expect, it } from 'vitest';
import { bodyWriter, errorMessage, readEvent } from '../../src/load/openai.js';
import { specFor } from './specs.js';

const server = { url: 'http://127.0.0.1:1' };
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
    ['{"choices":[{"text":" a"}]}', { kind: 'chunk', hasChoices: true, hasContent: true }],
    ['{"choices":[{"text":""}]}', { kind: 'chunk', hasChoices: true, hasContent: false }],
    [
      '{"choices":[{"delta":{"role":"assistant","content":""}}]}',
      { kind: 'chunk', hasChoices: true, hasContent: false },
    ],
    ['{"choices":[{"delta":{"content":"a"}}]}', { kind: 'chunk', hasChoices: true, hasContent: true }],
    [
      '{"choices":[{"delta":{"reasoning_content":"a"}}]}',
      { kind: 'chunk', hasChoices: true, hasContent: true },
    ],
    [
      '{"choices":[{"text":"a","finish_reason":"length"}],"usage":null}',
      { kind: 'chunk', hasChoices: true, hasContent: true, finishReason: 'length' },
    ],
    [
      '{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":0}}',
      { kind: 'chunk', hasChoices: false, hasContent: false, usage: { promptTokens: 3, outputTokens: 0 } },
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
