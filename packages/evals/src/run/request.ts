import type { Message } from '../task/prompts.js';
import type { Task } from '../task/schema.js';
import type { Settings } from './settings.js';

/** lm-eval's default for models behind an API. */
const MAX_TOKENS = 256;
/** lm-eval's default `seed` of API models: that of the examples is another. */
const SEED = 1234;
/** OpenAI's limit, to which lm-eval cuts the list. */
const MOST_STOPS = 4;

/**
 * What requests have but for messages and model: that of `local-chat-completions` with several requests in flight. Source:
 * LocalChatCompletion in lm_eval/models/openai_completions.py and TaskConfig in lm_eval/api/task.py of lm-evaluation-harness at b315ef3.
 */
export function requestSettings(
  { generation_kwargs: own = {}, fewshot_delimiter }: Pick<Task, 'generation_kwargs' | 'fewshot_delimiter'>,
  { maxTokens, temperature, topP }: Settings['generation'],
): Readonly<Record<string, unknown>> {
  const top = topP ?? own.top_p;
  return {
    max_tokens: maxTokens ?? own.max_gen_toks ?? MAX_TOKENS,
    temperature: temperature ?? own.temperature ?? 0,
    stop: (own.until ?? [fewshot_delimiter]).slice(0, MOST_STOPS),
    seed: SEED,
    ...(top !== undefined && { top_p: top }),
  };
}

/** The body of a request. */
export function requestBody(
  messages: readonly Message[],
  model: string,
  settings: Readonly<Record<string, unknown>>,
): string {
  return JSON.stringify({ messages, model, ...settings });
}
