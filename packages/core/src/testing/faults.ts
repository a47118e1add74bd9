/** What a fake server can do wrong, or differently from others. */
export const FAULTS = {
  'never-ready': 'GET /health answers 503 for ever',
  'refuse-token-ids': 'prompts of token ids are answered with 400',
  'no-usage': 'no answer has usage',
  'malformed-chunk': 'the second event is cut-off JSON',
  'truncated-stream': 'the stream ends, properly, after two events, without finish_reason and [DONE]',
  'error-event': 'the second event is an error',
  reset: 'the connection is reset after two events',
  'status-500': 'answered with 500',
  'empty-stream': 'no event but [DONE]',
  'short-output': 'half the tokens that were asked for',
} as const;

export type Fault = keyof typeof FAULTS;

/** How the bytes of a stream are cut; what they say stays the same. */
export interface Framing {
  /** Every write is split into pieces of so many bytes. */
  readonly fragmentBytes?: number;
  /** Events that go into one write; 1 by default. */
  readonly eventsPerWrite?: number;
  /** Lines end in CRLF. */
  readonly crlf?: boolean;
  /** A chat stream begins with a chunk that has a role and no content. */
  readonly roleChunk?: boolean;
  /** Comments and `event:` lines stand between events, and no space after `data:`. */
  readonly noise?: boolean;
}
