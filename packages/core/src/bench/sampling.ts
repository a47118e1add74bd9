import { SweeplineError } from '../errors.js';
import type { ApiName } from '../load/client/codecs/names.js';
import { flagName } from '../load/spec/flags.js';
import type { SamplingOptions } from './options.js';

/** Options by their keys in request bodies; the temperature is a load spec's own field. */
const FIELDS = {
  topP: 'top_p',
  topK: 'top_k',
  minP: 'min_p',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  repetitionPenalty: 'repetition_penalty',
} as const satisfies Partial<Record<keyof SamplingOptions, string>>;

/**
 * What requests say of sampling in addition to the temperature.
 * @throws {SweeplineError} USAGE for APIs that name it otherwise, as `vllm bench serve` has it.
 */
export function samplingOf(options: SamplingOptions, api: ApiName): Readonly<Record<string, number>> {
  const given = Object.entries(FIELDS).flatMap(([key, field]) => {
    const value = options[key as keyof typeof FIELDS];
    return value === undefined ? [] : [{ key, field, value }];
  });
  const [first] = given;
  if (first !== undefined && api !== 'completions' && api !== 'chat') {
    throw new SweeplineError('USAGE', `${flagName(first.key)} works only with OpenAI's APIs`, {
      hint: 'Give what the API has for it as --extra-body',
    });
  }
  return Object.fromEntries(given.map(({ field, value }) => [field, value]));
}
