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

/** A failure with a message of bounded length, without the secret that a server may echo. */
export function failure(code: FailureCode, message: string, secret?: string): Failure {
  const clean = secret === undefined || secret === '' ? message : message.replaceAll(secret, '***');
  return { code, message: clean.length > LONGEST_MESSAGE ? `${clean.slice(0, LONGEST_MESSAGE)}…` : clean };
}
