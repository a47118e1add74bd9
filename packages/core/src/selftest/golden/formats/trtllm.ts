import type { EventFormat } from './format.js';

/** Triton's `generate_stream`: texts only, without counts or an end marker. */
export const trtllm: EventFormat = {
  repeats: true,
  tokensOf: (body) => body['max_tokens'],
  promptOf: (body) => body['text_input'],
  token: (_answer, { json }) =>
    `{"context_logits":0.0,"cum_log_probs":0.0,"generation_logits":0.0,"model_name":"ensemble","model_version":"1","output_log_probs":[0.0],"sequence_end":false,"sequence_id":0,"sequence_start":false,"text_output":${json}}`,
};
