import {
  OWN,
  abortOf,
  extraBodyOf,
  isObject,
  readJsonEvent,
  readUsage,
  textOf,
  wholeJson,
  type Codec,
} from '../codec.js';

const OWN_KEYS = { text: OWN.prompt, input_ids: OWN.prompt, stream: OWN.stream };

/**
 * SGLang's own `/generate`. Each event holds the whole text so far (unless the server was started with
 * `--incremental-streaming-output`) and token counts in `meta_info`, so the count in the last event is that of the output.
 * Source: SGLang docs/basic_usage/native_api, python/sglang/srt/managers/tokenizer_manager.py.
 */
export const sglangGenerate: Codec = {
  name: 'sglang',
  path: '/generate',
  takesTokenIds: true,
  cumulative: true,
  bodyWriter(spec) {
    const { sampling_params: extra, ...others } = extraBodyOf(spec, OWN_KEYS);
    extraBodyOf({ ...spec, extraBody: isObject(extra) ? extra : {} }, { max_new_tokens: OWN.lengths });
    const shared = JSON.stringify({ stream: true, ...others }).slice(0, -1);
    const sampling = JSON.stringify({
      temperature: spec.temperature,
      ...(spec.ignoreEos ? { ignore_eos: true } : {}),
      ...(isObject(extra) ? extra : {}),
    }).slice(0, -1);
    return (prompt) =>
      `${shared},"sampling_params":${sampling},"max_new_tokens":${prompt.lengths.requestedOutputTokens}},` +
      `"${prompt.json.startsWith('[') ? 'input_ids' : 'text'}":${wholeJson(prompt)}}`;
  },
  readEvent: (payload) =>
    readJsonEvent(payload, (value) => {
      const meta = isObject(value['meta_info']) ? value['meta_info'] : {};
      const finish = meta['finish_reason'];
      const finishReason = isObject(finish) ? finish['type'] : finish;
      const aborted = abortOf(finishReason, isObject(finish) ? finish['message'] : undefined);
      if (aborted !== undefined) return aborted;
      const usage = readUsage(meta);
      return {
        kind: 'chunk',
        hasChoices: true,
        ...textOf([['text', value['text']]]),
        ...(typeof finishReason === 'string' && { finishReason }),
        ...(usage !== undefined && { usage }),
      };
    }),
};
