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
  /** Timers of the client that came late: from here on gaps between tokens are partly its own. */
  lateTimerNoteShare: 0.05,
  /** Pauses of the client: shorter ones, and less of the window, are not noted. A thousandth is where p99.9 begins to be its own. */
  pauseMs: 100,
  frozenNoteShare: 0.001,
  /** Time that a CPU limit held the client back, as a share of the window. */
  throttledNoteShare: 0.005,
  /** Movement of the wall clock against the monotonic one. NTP moves it by 0.5 ms per second at most. */
  wallShiftMs: 1000,
  /** CPU of others and stolen CPU, as a share of the machine's. */
  othersShare: 0.1,
  /** Time that a thread of the server waited for a CPU that others had, as a share of the window. */
  serverLostShare: 0.03,
  /** Time that the server as a whole stood still, as a share of the window. */
  stallShare: 0.05,
} as const;
