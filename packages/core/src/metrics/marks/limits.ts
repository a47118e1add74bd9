/** From where on a run is marked, beside CLIENT_LIMITS. Shares are of requests. */
export const MARK_LIMITS = {
  /** Failed requests: fewer are a note, more make the result invalid (upstream InferenceX's gate). */
  failedShare: 0.05,
  /** Outputs of another length than asked for. */
  shortShare: 0.001,
  /** Tokens that a server may put before a prompt (BOS; some models have two such tokens). */
  specialTokens: 2,
  /** Mean prompt length away from the one asked for, where text prompts can only approach it. */
  promptLengthShare: 0.02,
} as const;
