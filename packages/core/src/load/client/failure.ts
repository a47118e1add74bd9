/** Why a request failed; `http-500` and the like contain the status. */
export type FailureCode =
  | 'connect-failed'
  | 'connect-timeout'
  | 'connection-lost'
  /** The response is not HTTP/1.1, has a coding that was not requested, or has an event without an end. */
  | 'malformed-response'
  | `http-${number}`
  | 'malformed-chunk'
  | 'error-event'
  | 'truncated-stream'
  | 'no-chunks'
  /** The server's token counts are impossible for this answer. */
  | 'impossible-usage'
  | 'timed-out'
  /** A turn of a conversation in which an earlier turn failed. */
  | 'conversation-broken'
  | 'cancelled';

export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  /** Seconds to wait before the next try, as the server asked. */
  readonly retryAfterS?: number;
}

const LONGEST_MESSAGE = 500;

/** Most characters of a message that are processed. */
const LONGEST_READ = 65_536;

/**
 * A failure with a message of limited length.
 * @param mask removes secrets that a server may echo; applied before the message is cut, as even part of a secret must not appear
 */
export function failure(
  code: FailureCode,
  message: string,
  mask: (text: string) => string = (text) => text,
): Failure {
  const clean = mask(message.slice(0, LONGEST_READ));
  return { code, message: clean.length > LONGEST_MESSAGE ? `${clean.slice(0, LONGEST_MESSAGE)}…` : clean };
}
