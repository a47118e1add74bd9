import type { RequestLine } from './records-schema.js';

/** What a server counted; what can't be a count is not kept. */
interface Counts {
  readonly serverPromptTokens?: number;
  readonly outputTokens?: number;
  readonly cachedTokens?: number;
}

/** One request as the client saw it, its members as `requestSchema` has them. */
export interface RequestRecord extends Readonly<Omit<RequestLine, keyof Counts>>, Counts {
  /** Arrivals of the chunks whose `choices` is not empty, ascending. */
  readonly chunkMs: ArrayLike<number>;
}

/** How one request went: its record without its place in the schedule. */
export type Outcome = Omit<RequestRecord, 'index' | 'scheduledMs' | 'requestedOutputTokens'>;
