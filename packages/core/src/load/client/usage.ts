import type { Usage } from './codec.js';

/** More tokens than any request has; what a server says beyond it, below 0 or between whole numbers counts nothing. */
const LARGEST_COUNT = 1e9;

/** What came of a request, as far as its counts of tokens are judged by it. */
export interface Answered extends Usage {
  /** Output tokens that were asked for, of all its choices together. */
  readonly asked: number;
  /** Chunks that were timed. */
  readonly chunks: number;
  /** Those of them with text; unknown where each brings the whole text so far. */
  readonly textChunks?: number;
  /** Most output tokens of a chunk, where that is known. */
  readonly mostPerChunk?: number;
}

/** Whether a number can be a count of one request's tokens. */
export function isTokenCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LARGEST_COUNT;
}

/**
 * Why the counts can't be those of the answer, or undefined. A chunk with text holds at least one token. More tokens than were asked for
 * need the chunks to show for them; up to what the last chunk may hold, they may be those of a step that went past the end.
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

/** The counts that can be some. */
export function possibleCounts({ promptTokens, outputTokens, cachedTokens }: Usage): Usage {
  return {
    ...(isTokenCount(promptTokens) && { promptTokens }),
    ...(isTokenCount(outputTokens) && { outputTokens }),
    ...(isTokenCount(cachedTokens) && { cachedTokens }),
  };
}
