import { SweeplineError } from '../errors.js';
import type { ApiName } from '../load/client/codecs/names.js';
import { flagName } from '../load/spec/flags.js';
import type { SamplingOptions } from './options.js';

/** Options by their keys in request bodies; the temperature is a separate field of a load spec. */
const FIELDS = {
  topP: 'top_p',
  topK: 'top_k',
  minP: 'min_p',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  repetitionPenalty: 'repetition_penalty',
} as const satisfies Partial<Record<keyof SamplingOptions, string>>;

/**
 * The sampling parameters of requests, except the temperature.
 * @throws {SweeplineError} USAGE for APIs with other names for them, as in `vllm bench serve`.
 */
export function samplingOf(options: SamplingOptions, api: ApiName): Readonly<Record<string, number>> {
  const given = Object.entries(FIELDS).flatMap(([key, field]) => {
    const value = options[key as keyof typeof FIELDS];
    return value === undefined ? [] : [{ key, field, value }];
  });
  const [first] = given;
  if (first !== undefined && api !== 'completions' && api !== 'chat') {
    throw new SweeplineError('USAGE', `${flagName(first.key)} works only with the OpenAI APIs`, {
      hint: "Pass the API's own parameter with --extra-body",
    });
  }
  return Object.fromEntries(given.map(({ field, value }) => [field, value]));
}
