/** Why a request failed; `http-500` and the like carry the status. */
export type FailureCode =
  | 'connect-failed'
  | 'connect-timeout'
  | 'connection-lost'
  /** What came is not HTTP/1.1, or in a coding that was not asked for, or an event without an end. */
  | 'malformed-response'
  | `http-${number}`
  | 'malformed-chunk'
  | 'error-event'
  | 'truncated-stream'
  | 'no-chunks'
  /** The server's counts of its tokens can't be those of the answer. */
  | 'impossible-usage'
  | 'timed-out'
  /** A turn of a conversation whose turn before it failed. */
  | 'conversation-broken'
  | 'cancelled';

export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  /** Seconds after which the server wants to be asked again. */
  readonly retryAfterS?: number;
}

const LONGEST_MESSAGE = 500;

/** Characters of a message that are looked at. */
const LONGEST_READ = 65_536;

/**
 * A failure with a message of bounded length.
 * @param mask takes out the secrets that a server may echo; before the message is cut, as a part of one is too much
 */
export function failure(
  code: FailureCode,
  message: string,
  mask: (text: string) => string = (text) => text,
): Failure {
  const clean = mask(message.slice(0, LONGEST_READ));
  return { code, message: clean.length > LONGEST_MESSAGE ? `${clean.slice(0, LONGEST_MESSAGE)}…` : clean };
}
