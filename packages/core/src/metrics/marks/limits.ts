/** From where on a run is marked, in addition to CLIENT_LIMITS. Shares are of requests where nothing else is said. */
export const MARK_LIMITS = {
  /** Failed requests: fewer are a note, more make the result invalid (upstream InferenceX's gate). */
  failedShare: 0.05,
  /** Requests of a schedule that waited for a slot, and how long a wait is no matter of timers, ms. */
  waitedShare: 0.01,
  waitedMs: 10,
  /** Outputs of another length than asked for, of requests or of tokens. */
  shortShare: 0.001,
  /** Tokens beyond those asked for, of tokens: more make the result invalid, as it isn't of the load asked for. */
  excessShare: 0.05,
  /** Tokens that a server may put before a prompt (BOS; some models have two such tokens). */
  specialTokens: 2,
  /** Mean prompt length away from the one asked for, where text prompts can only approach it. */
  promptLengthShare: 0.02,
  /** The same in conversations. */
  turnLengthShare: 0.01,
  /** Responses that came in one piece. */
  heldShare: 0.1,
  /** Most of them: what is so is the rule. */
  mostShare: 0.5,
  /** Tokens that come at once over those that a chunk may hold: a client that reads late sees two chunks at once now and then. */
  burstNote: 1.5,
  burstInvalid: 3,
  /** Tokens counted per chunk over those that a chunk may hold. */
  perChunkNote: 1.1,
  perChunkInvalid: 1.5,
  /** Chunks without a token, of chunks: more are a note. */
  emptyChunkShare: 0.01,
  /** Prompt tokens from the server's cache, of tokens: fewer are a note. */
  cachedNote: 0.02,
  cachedInvalid: 0.2,
  /** Timers of the client that came late: from here on gaps between tokens are partly its own. */
  lateTimerNoteShare: 0.05,
  /** Pauses of the client: shorter ones, and less of the window, are not noted. A thousandth is where p99.9 begins to be its own. */
  pauseMs: 100,
  frozenNoteShare: 0.001,
  /** From here on means and p99s are affected as well. */
  frozenMeansShare: 0.01,
  /** Time that a CPU limit held the client back, as a share of the window. */
  throttledNoteShare: 0.005,
  /** Movement of the wall clock against the monotonic one. NTP moves it by 0.5 ms per second at most. */
  wallShiftMs: 1000,
  /** CPU of others and stolen CPU, as a share of the machine's. */
  othersShare: 0.1,
  /** Time that a thread of the server waited for a CPU that others had, as a share of the window. */
  serverLostShare: 0.05,
  /** Time that the server as a whole stood still, as a share of the window. */
  stallShare: 0.05,
} as const;
