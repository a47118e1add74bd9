import type { EventFormat } from './format.js';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** SGLang's `/generate`: each event has the full text and the counts so far. */
export const sglang: EventFormat = {
  repeats: false,
  tokensOf(body) {
    const sampling = body['sampling_params'];
    return isObject(sampling) ? sampling['max_new_tokens'] : undefined;
  },
  promptOf: (body) => body['input_ids'] ?? body['text'],
  token: ({ id, promptTokens }, { index, isLast }, textSoFar) =>
    JSON.stringify({
      text: textSoFar(),
      meta_info: {
        id,
        finish_reason: isLast ? { type: 'length', length: index + 1 } : null,
        prompt_tokens: promptTokens,
        completion_tokens: index + 1,
        cached_tokens: 0,
      },
    }),
  closing: () => ['[DONE]'],
};
