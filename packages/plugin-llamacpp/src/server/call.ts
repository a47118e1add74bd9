import type { GenerationRequest } from '../engine/generation.js';
import type { Engine } from '../engine/engine.js';
import { ApiError, invalid } from './api-error.js';
import { Fields } from './fields.js';

/** A client's request, checked. */
export interface Call {
  readonly generation: GenerationRequest;
  /** Texts that end the answer, and are no part of it. */
  readonly stops: readonly string[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
}

/** What differs between routes: where the prompt is, and the default length of a completion. */
export interface CallKind {
  prompt(fields: Fields, engine: Engine): readonly number[];
  /** Undefined: the rest of the context. */
  readonly defaultMaxTokens: number | undefined;
}

const isOneOf =
  (...values: readonly unknown[]) =>
  (value: unknown) =>
    values.includes(value);
const isEmpty = (value: unknown) =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;
const anything = () => true;

/** Parameters that are accepted only with a value that has no effect. */
const NEUTRAL: Readonly<Record<string, (value: unknown) => boolean>> = {
  n: isOneOf(1),
  best_of: isOneOf(1),
  echo: isOneOf(false),
  suffix: isOneOf(''),
  logprobs: isOneOf(false),
  logit_bias: isEmpty,
  presence_penalty: isOneOf(0),
  frequency_penalty: isOneOf(0),
  repetition_penalty: isOneOf(1),
  min_tokens: isOneOf(0),
  skip_special_tokens: isOneOf(true),
  cache_prompt: isOneOf(false),
  tools: isEmpty,
  store: isOneOf(false),
  user: anything,
  metadata: anything,
};

export function parseCall(body: unknown, kind: CallKind, engine: Engine, alias: string): Call {
  const fields = new Fields(body);
  checkModel(fields, alias);
  const prompt = kind.prompt(fields, engine);
  const maxTokens = takeMaxTokens(fields) ?? kind.defaultMaxTokens ?? engine.slotContext - prompt.length;
  const stream = fields.boolean('stream');
  const call: Call = {
    generation: {
      prompt,
      maxTokens,
      ignoreEos: fields.boolean('ignore_eos'),
      sampling: {
        temperature: fields.number('temperature', 0, 2) ?? 1,
        topP: fields.number('top_p', 0, 1) ?? 1,
        seed: fields.integer('seed', 0),
      },
    },
    stops: takeStops(fields),
    stream,
    includeUsage: takeIncludeUsage(fields, stream),
  };
  fields.finish(NEUTRAL);
  checkLength(prompt.length, maxTokens, engine.slotContext);
  return call;
}

function checkModel(fields: Fields, alias: string): void {
  const model = fields.take('model');
  if (typeof model !== 'string') throw invalid('model', '"model" must name a model');
  if (model !== alias) {
    const message = `there is no model "${model}"; this server has "${alias}"`;
    throw new ApiError(404, message, { param: 'model', code: 'model_not_found' });
  }
}

function takeMaxTokens(fields: Fields): number | undefined {
  const older = fields.integer('max_tokens', 1);
  return fields.integer('max_completion_tokens', 1) ?? older;
}

/** OpenAI's limit. */
const MOST_STOPS = 4;

function takeStops(fields: Fields): readonly string[] {
  const value = fields.take('stop') ?? [];
  const stops: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (stops.length <= MOST_STOPS && stops.every((stop) => typeof stop === 'string' && stop !== ''))
    return stops.map(String);
  throw invalid('stop', `"stop" must be a text, or at most ${MOST_STOPS}, none of them empty`);
}

function takeIncludeUsage(fields: Fields, stream: boolean): boolean {
  const value = fields.take('stream_options');
  if (value === undefined) return false;
  if (!stream) throw invalid('stream_options', '"stream_options" needs "stream": true');
  const options = new Fields(value);
  const includeUsage = options.boolean('include_usage');
  options.finish({ continuous_usage_stats: isOneOf(false), include_obfuscation: isOneOf(false) });
  return includeUsage;
}

function checkLength(prompt: number, completion: number, context: number): void {
  if (prompt === 0) throw invalid('prompt', 'the prompt is empty');
  if (prompt + Math.max(completion, 1) <= context) return;
  const message = `the context is ${context} tokens; the prompt has ${prompt}, and ${completion} are requested`;
  throw invalid('max_tokens', message, 'context_length_exceeded');
}
