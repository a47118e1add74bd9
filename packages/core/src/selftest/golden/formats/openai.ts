import type { AnswerFacts, EventFormat } from './format.js';

/** Events as vLLM writes them: the finish reason comes with the last token, usage after it. */

export const completions: EventFormat = {
  repeats: true,
  tokensOf: (body) => body['max_tokens'],
  promptOf: (body) => body['prompt'],
  token: ({ id }, { json, isLast }) =>
    `${head(id, 'cmpl', 'text_completion')},"choices":[{"index":0,"text":${json},"logprobs":null,"finish_reason":${reason(isLast)},"stop_reason":null}],"usage":null}`,
  closing: (answer, usage) => end(answer, usage, 'cmpl', 'text_completion'),
};

export const chat: EventFormat = {
  repeats: true,
  tokensOf: (body) => body['max_completion_tokens'] ?? body['max_tokens'],
  promptOf: (body) => body['messages'],
  opening: ({ id }) => [
    `${head(id, 'chatcmpl', 'chat.completion.chunk')},"choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}`,
  ],
  token: ({ id }, { json, isLast }) =>
    `${head(id, 'chatcmpl', 'chat.completion.chunk')},"choices":[{"index":0,"delta":{"content":${json}},"logprobs":null,"finish_reason":${reason(isLast)}}]}`,
  closing: (answer, usage) => end(answer, usage, 'chatcmpl', 'chat.completion.chunk'),
};

function head(id: string, prefix: string, object: string): string {
  return `{"id":"${prefix}-${id}","object":"${object}","created":1700000000,"model":"golden"`;
}

function reason(isLast: boolean): string {
  return isLast ? '"length"' : 'null';
}

function end(
  { id, promptTokens, tokens }: AnswerFacts,
  usage: boolean,
  prefix: string,
  object: string,
): string[] {
  const counts = `{"prompt_tokens":${promptTokens},"total_tokens":${promptTokens + tokens},"completion_tokens":${tokens}}`;
  return [...(usage ? [`${head(id, prefix, object)},"choices":[],"usage":${counts}}`] : []), '[DONE]'];
}
