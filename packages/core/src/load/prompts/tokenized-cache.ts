import type { PromptCache } from './cache.js';
import { inTemplate } from './text-job.js';
import { makeRandomTexts, type RandomTextOptions, type RandomTexts } from './tokenized.js';

/** Random texts that were made before, if the cache has them; else they are made and kept there. */
export async function cachedRandomTexts(
  options: RandomTextOptions,
  cache: PromptCache | undefined,
): Promise<RandomTexts> {
  const key = keyOf(options);
  if (cache === undefined || key === undefined) return makeRandomTexts(options);
  const [measured, warmups] = await Promise.all([
    cache.load(`${key} measured`),
    cache.load(`${key} warmups`),
  ]);
  if (measured !== undefined && warmups !== undefined) return { measured, warmups };
  const texts = await makeRandomTexts(options);
  await Promise.all([
    cache.save(`${key} measured`, texts.measured),
    cache.save(`${key} warmups`, texts.warmups),
  ]);
  return texts;
}

/** All that the texts depend on; undefined for a tokenizer that is made by a program. A chat template may tell the date. */
function keyOf({ prompts, numPrompts, numWarmups, tokenizer, useChatTemplate }: RandomTextOptions) {
  if (tokenizer.origin === undefined) return undefined;
  const template = useChatTemplate === true ? inTemplate('', tokenizer) : undefined;
  return JSON.stringify([tokenizer.origin.digest, prompts, numPrompts, numWarmups, template]);
}
