import { OWN, extraBodyOf, readJsonEvent, textOf, wholeJson, type Codec } from '../codec.js';

/**
 * TensorRT-LLM behind Triton: `generate_stream` of the model `ensemble`. It reports no token counts; its results get a mark.
 * Source: triton-inference-server/tensorrtllm_backend, README, "Using the generate endpoint".
 */
export const trtllmGenerateStream: Codec = {
  name: 'trtllm',
  path: '/v2/models/ensemble/generate_stream',
  takesTokenIds: false,
  endsSilently: true,
  bodyWriter(spec) {
    const shared = JSON.stringify({
      stream: true,
      temperature: spec.temperature,
      ...(spec.ignoreEos ? { end_id: -1 } : {}),
      ...extraBodyOf(spec, { max_tokens: OWN.lengths, text_input: OWN.prompt, stream: OWN.stream }),
    }).slice(0, -1);
    return (prompt) =>
      `${shared},"max_tokens":${prompt.lengths.requestedOutputTokens},"text_input":${wholeJson(prompt)}}`;
  },
  readEvent: (payload) =>
    readJsonEvent(payload, (value) => ({
      kind: 'chunk',
      hasChoices: typeof value['text_output'] === 'string',
      ...textOf([['text_output', value['text_output']]]),
    })),
};
