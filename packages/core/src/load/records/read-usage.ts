import { failure } from '../client/failure.js';
import type { RequestRecord } from './record.js';
import type { RequestLine } from './request-record.js';
import type { LoadSpec } from '../spec/spec.js';
import { impossibleUsage, possibleCounts, tokensAsked } from '../client/usage.js';

/** A request as it is in a file. Older clients also wrote impossible counts. */
export type ReadRequest = RequestLine & Pick<RequestRecord, 'chunkMs'>;

/** The request; marked as failed if its counts are impossible for its answer, as current clients do. */
export function judged(line: ReadRequest, { tokensPerChunk, extraBody }: LoadSpec): RequestRecord {
  const { serverPromptTokens, outputTokens, cachedTokens, ...rest } = line;
  const usage = {
    ...(serverPromptTokens !== undefined && { promptTokens: serverPromptTokens ?? Infinity }),
    ...(outputTokens !== undefined && { outputTokens: outputTokens ?? Infinity }),
    ...(cachedTokens !== undefined && { cachedTokens: cachedTokens ?? Infinity }),
  };
  const why = impossibleUsage({
    ...usage,
    asked: tokensAsked(line.requestedOutputTokens, extraBody),
    chunks: line.chunkMs.length,
    textChunks: line.textChunks,
    mostPerChunk: tokensPerChunk?.max,
  });
  const { promptTokens, outputTokens: counted, ...others } = possibleCounts(usage);
  return {
    ...rest,
    ...(promptTokens !== undefined && { serverPromptTokens: promptTokens }),
    ...(counted !== undefined && why === undefined && { outputTokens: counted }),
    ...others,
    ...(why !== undefined &&
      line.state === 'completed' && { state: 'failed', error: failure('impossible-usage', why) }),
  };
}
