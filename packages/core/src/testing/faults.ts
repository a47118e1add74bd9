/** Faults of a fake server, and variants in which servers differ. */
export const FAULTS = {
  'never-ready': 'GET /health answers 503 for ever',
  'refuse-token-ids': 'prompts of token ids are answered with 400',
  'no-usage': 'no answer has usage',
  'malformed-chunk': 'the second event is cut-off JSON',
  'truncated-stream': 'the stream ends, properly, after two events, without finish_reason and [DONE]',
  'error-event': 'the second event is an error',
  reset: 'the connection is reset after two events',
  'status-500': 'answered with 500',
  'empty-stream': 'no event except [DONE]',
  'short-output': 'half of the requested tokens',
} as const;

export type Fault = keyof typeof FAULTS;

/** How the bytes of a stream are split; its content stays the same. */
export interface Framing {
  /** Splits every write into pieces of this many bytes. */
  readonly fragmentBytes?: number;
  /** Events per write. Default: 1. */
  readonly eventsPerWrite?: number;
  /** Lines end in CRLF. */
  readonly crlf?: boolean;
  /** A chat stream begins with a chunk that has a role and no content. */
  readonly roleChunk?: boolean;
  /** Comments and `event:` lines appear between events, and no space follows `data:`. */
  readonly noise?: boolean;
}
