import type { Usage } from './codec.js';

/** More tokens than any request has. Larger, negative or fractional counts from a server are not usable. */
const LARGEST_COUNT = 1e9;

/** The facts about a request that its token counts are checked against. */
export interface Answered extends Usage {
  /** Output tokens that were asked for, all choices together. */
  readonly asked: number;
  /** Chunks with a recorded time. */
  readonly chunks: number;
  /** Chunks with text among them; unknown if each chunk has the whole text so far. */
  readonly textChunks?: number;
  /** Most output tokens per chunk, if known. */
  readonly mostPerChunk?: number;
}

/** Whether a number is a possible token count of one request. */
export function isTokenCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LARGEST_COUNT;
}

/**
 * Why the counts are impossible for the answer, or undefined. A chunk with text holds at least one token. More tokens than were
 * asked for are accepted only if there are enough chunks, or if the excess fits into the last chunk: a decoding step may go past
 * the limit.
 */
export function impossibleUsage(answered: Answered): string | undefined {
  const { promptTokens, outputTokens, textChunks = 0, chunks, asked } = answered;
  if (promptTokens !== undefined && !isTokenCount(promptTokens)) return `prompt_tokens is ${promptTokens}`;
  if (outputTokens === undefined) return undefined;
  if (!isTokenCount(outputTokens)) return `completion_tokens is ${outputTokens}`;
  if (outputTokens < textChunks)
    return `completion_tokens is ${outputTokens}, with text in ${textChunks} chunks`;
  if (outputTokens <= asked || outputTokens <= chunks * (answered.mostPerChunk ?? 1)) return undefined;
  const lastStep = Math.ceil(answered.mostPerChunk ?? outputTokens / chunks);
  return outputTokens - asked <= lastStep
    ? undefined
    : `completion_tokens is ${outputTokens}, with ${asked} asked for and ${chunks} chunks`;
}

/** Output tokens that a request for `maxTokens` asks for: OpenAI's `n` and `best_of` multiply them. */
export function tokensAsked(maxTokens: number, extraBody: Readonly<Record<string, unknown>> = {}): number {
  const copies = [extraBody['n'], extraBody['best_of']].map(Number).filter(isTokenCount);
  return maxTokens * Math.max(1, ...copies);
}

/** Only those counts that are possible. */
export function possibleCounts({ promptTokens, outputTokens, cachedTokens }: Usage): Usage {
  return {
    ...(isTokenCount(promptTokens) && { promptTokens }),
    ...(isTokenCount(outputTokens) && { outputTokens }),
    ...(isTokenCount(cachedTokens) && { cachedTokens }),
  };
}
