import type { PromptCache } from './cache.js';
import { inTemplate } from './text-job.js';
import { makeRandomTexts, type RandomTextOptions, type RandomTexts } from './tokenized.js';

/** Random texts from the cache if it has them; otherwise they are made and saved there. */
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

/** Everything that the texts depend on; undefined for a tokenizer created by a program. A chat template may contain the date. */
function keyOf({ prompts, numPrompts, numWarmups, tokenizer, useChatTemplate }: RandomTextOptions) {
  if (tokenizer.origin === undefined) return undefined;
  const template = useChatTemplate === true ? inTemplate('', tokenizer) : undefined;
  return JSON.stringify([tokenizer.origin.digest, prompts, numPrompts, numWarmups, template]);
}
